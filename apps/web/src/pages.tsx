import { EditorPage } from "./editor/editor-page.js";
import { HomePage } from "./home/home-page.js";
import { NotFoundPage } from "./layout/not-found-page.js";
import { useRoute } from "./navigation/use-route.js";
import { SignInPage } from "./session/sign-in-page.js";
import { useSession } from "./session/use-session.js";
import { TrashPage } from "./trash/trash-page.js";

/** The page for the address and the person. Without a session it is the sign-in, at whatever address. */
export function Pages() {
  const route = useRoute();
  const session = useSession();
  if (session === null) return <SignInPage />;
  if (route.page === "home") return <HomePage session={session} />;
  if (route.page === "trash") return <TrashPage session={session} />;
  if (route.page === "unknown") return <NotFoundPage />;
  return <EditorPage key={`${route.id} ${session.user.id}`} id={route.id} session={session} />;
}
