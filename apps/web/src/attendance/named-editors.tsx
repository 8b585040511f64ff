import { Button } from "@mantine/core";
import { useId } from "@mantine/hooks";
import type { Attendance, DocumentHandle } from "@tutti/client";
import { type Face, faceOfUser } from "../people/gather-faces.js";
import list from "../people/people-list.module.css";
import { PersonRow } from "../people/person-row.js";

interface NamedEditorsProps {
  readonly document: DocumentHandle;
  readonly named: Attendance["named"];
  readonly faces: readonly Face[];
}

/** Those who may edit a moderated document: the owner, and whom they named. */
export function NamedEditors({ document, named, faces }: NamedEditorsProps) {
  const headingId = useId();
  const me = faces.filter((face) => face.me);
  const others = named.filter(({ id }) => me.every((face) => face.id !== id));
  return (
    <section className={list.group}>
      <h3 id={headingId} className={list.heading}>
        May edit
      </h3>
      <ul aria-labelledby={headingId}>
        {me.map((face) => (
          <PersonRow key={face.id} face={face} note="owner" />
        ))}
        {others.map((user) => {
          const face = faces.find(({ id }) => id === user.id) ?? faceOfUser(withName(user));
          return (
            <PersonRow key={user.id} face={face}>
              <Button
                size="compact-sm"
                variant="default"
                aria-label={`Remove ${face.name}`}
                onClick={() => document.decide(user.id, false)}
              >
                Remove
              </Button>
            </PersonRow>
          );
        })}
      </ul>
    </section>
  );
}

/** Of those who were not here since the server started, it knows nothing but the id. */
function withName(user: Attendance["named"][number]): Attendance["named"][number] {
  return user.name === user.id ? { id: user.id, name: "Somebody who is away" } : user;
}
