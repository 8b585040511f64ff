import { MantineProvider } from "@mantine/core";
import { CrashBoundary } from "./layout/crash-boundary.js";
import { NoticeList } from "./notices/notice-list.js";
import { Pages } from "./pages.js";
import { cssVariables } from "./theme/css-variables.js";
import { theme } from "./theme/theme.js";

/** The whole app. */
export function App() {
  return (
    <MantineProvider theme={theme} cssVariablesResolver={cssVariables} defaultColorScheme="auto">
      <CrashBoundary>
        <Pages />
      </CrashBoundary>
      <NoticeList />
    </MantineProvider>
  );
}
