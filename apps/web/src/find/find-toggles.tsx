import { FindButton } from "./find-button.js";
import type { Search } from "./use-find.js";

const TOGGLES = [
  { option: "matchCase", label: "Match case", look: "Aa" },
  { option: "wholeWord", label: "Whole words", look: "“a”" },
  { option: "regex", label: "Regular expression", look: ".*" },
] as const;

/** How the query is read. */
export function FindToggles({ search, onSearch }: { search: Search; onSearch: (search: Search) => void }) {
  return TOGGLES.map(({ option, label, look }) => (
    <FindButton
      key={option}
      label={label}
      pressed={search[option]}
      onClick={() => onSearch({ ...search, [option]: !search[option] })}
    >
      <span aria-hidden="true">{look}</span>
    </FindButton>
  ));
}
