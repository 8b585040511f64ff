import type { Person, PersonPresent } from "./people.js";

/** One for each person, in the order in which their first tab came: two tabs are one person (P2). */
export function gather(others: readonly Person[]): readonly PersonPresent[] {
  const tabsOf = new Map<string, Person[]>();
  for (const tab of others) {
    const tabs = tabsOf.get(tab.user.id);
    if (tabs === undefined) tabsOf.set(tab.user.id, [tab]);
    else tabs.push(tab);
  }
  return [...tabsOf.values()].map(presentIn);
}

function presentIn(tabs: readonly Person[]): PersonPresent {
  const newest = tabs.reduce((best, tab) => (tab.active > best.active ? tab : best));
  const { user, colour, active, cursor } = newest;
  const editing = tabs.some((tab) => tab.activity === "editing");
  return { user, colour, tabs, activity: editing ? "editing" : "viewing", active, cursor };
}
