/** The members of a room as a list draws them: in groups, with the places of the rows, and which of these are in sight. */

import type { Member } from "../core/chatModel";

const GROUPS = ["operators", "here", "away", "offline"] as const;
export type GroupName = (typeof GROUPS)[number];

/** The heights of a row and of a group's heading, in pixels; the places of all others follow from them. */
export const ROW_PX = 46;
export const HEADING_PX = 34;
/** In a room with more members the group of those who are offline is folded until somebody unfolds it. */
export const FOLDED_ABOVE = 50;
const OPERATOR = /^[~&@!%]/;

/** `top` and `height` are those of the group in the list; `first` is the number of its first member among all that are unfolded. */
export interface MemberGroup {
  name: GroupName;
  members: readonly Member[];
  isFolded: boolean;
  top: number;
  height: number;
  first: number;
}

export function presenceOf({ person }: Member): "here" | "away" | "gone" {
  return person.isOnline === false ? "gone" : person.isAway ? "away" : "here";
}

function groupOf(member: Member): GroupName {
  if (OPERATOR.test(member.ranks)) return "operators";
  const presence = presenceOf(member);
  return presence === "gone" ? "offline" : presence;
}

/** The groups that have members, in the order of the list; the members keep their order. */
export function memberGroups(members: readonly Member[], isOfflineFolded: boolean): MemberGroup[] {
  const byName = new Map<GroupName, Member[]>(GROUPS.map((name) => [name, []]));
  for (const member of members) byName.get(groupOf(member))?.push(member);
  const groups: MemberGroup[] = [];
  let [top, first] = [0, 0];
  for (const [name, inside] of byName) {
    if (!inside.length) continue;
    const isFolded = name === "offline" && isOfflineFolded;
    const height = HEADING_PX + (isFolded ? 0 : inside.length * ROW_PX);
    groups.push({ name, members: inside, isFolded, top, height, first });
    top += height;
    if (!isFolded) first += inside.length;
  }
  return groups;
}

/** The numbers within a group of the rows to draw: those between two heights of the list, and the one that has the focus. */
export function rowsInSight(group: MemberGroup, from: number, to: number, focused: number): number[] {
  if (group.isFolded) return [];
  const rowAt = (height: number) => (height - group.top - HEADING_PX) / ROW_PX;
  const start = Math.max(0, Math.floor(rowAt(from)));
  const end = Math.min(group.members.length, Math.ceil(rowAt(to)));
  const rows = Array.from({ length: Math.max(0, end - start) }, (_, at) => start + at);
  const other = focused - group.first;
  if (other >= 0 && other < group.members.length && !rows.includes(other)) rows.push(other);
  return rows.sort((a, b) => a - b);
}

/** Where a member's row begins, by the number among all that are unfolded; 0 if there is none. */
export function topOfRow(groups: readonly MemberGroup[], at: number): number {
  const group = groups.findLast(({ isFolded, first }) => !isFolded && first <= at);
  return group ? group.top + HEADING_PX + (at - group.first) * ROW_PX : 0;
}

/** A name or a text to compare, without regard to case and accents. */
export function comparable(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}
