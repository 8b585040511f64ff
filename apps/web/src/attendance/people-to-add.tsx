import { Button, TextInput } from "@mantine/core";
import { useId } from "@mantine/hooks";
import type { Attendance, DocumentHandle } from "@tutti/client";
import { useState } from "react";
import type { Face } from "../people/gather-faces.js";
import list from "../people/people-list.module.css";
import { PersonRow } from "../people/person-row.js";

interface PeopleToAddProps {
  readonly document: DocumentHandle;
  readonly attendance: Attendance;
  readonly faces: readonly Face[];
}

/** With more people than this, looking for a name is quicker than reading all. */
const MANY = 8;

/** How the server calls those whose name and id it keeps to itself (P5): there is nobody to name. */
const ANONYMOUS = "Anonymous";

/** Those who are here and may not edit a moderated document yet. */
export function PeopleToAdd({ document, attendance: { named, asking }, faces }: PeopleToAddProps) {
  const headingId = useId();
  const [search, setSearch] = useState("");
  const known = new Set([...named, ...asking].map(({ id }) => id));
  const candidates = faces.filter(({ id, name, me }) => !me && !known.has(id) && name !== ANONYMOUS);
  const sought = search.trim().toLocaleLowerCase();
  const shown = candidates.filter(({ name }) => name.toLocaleLowerCase().includes(sought));
  return (
    <section className={list.group}>
      <h3 id={headingId} className={list.heading}>
        Here now
      </h3>
      {candidates.length > MANY && (
        <TextInput
          size="xs"
          aria-label="Look for a name"
          placeholder="Look for a name"
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
        />
      )}
      <ul aria-labelledby={headingId}>
        {shown.map((face) => (
          <PersonRow key={face.id} face={face}>
            <Button
              size="compact-sm"
              variant="default"
              aria-label={`Add ${face.name}`}
              onClick={() => document.decide(face.id, true)}
            >
              Add
            </Button>
          </PersonRow>
        ))}
      </ul>
      {shown.length === 0 && (
        <p className={list.note}>
          {candidates.length === 0 ? "Nobody else is here. Send them the link first." : "Nobody here has this name."}
        </p>
      )}
    </section>
  );
}
