/** Syntax highlighting: keywords, strings, numbers and comments of common languages. */

interface Grammar {
  words: ReadonlySet<string>;
  /** Where a remark begins, up to the line's end. */
  line: string;
  blocks: boolean;
  foldsCase: boolean;
}

const C_LIKE =
  "if else for while do switch case default break continue return goto struct union enum typedef const static void int char float double long short unsigned signed bool true false null class public private protected new delete this throw try catch finally import export extends implements interface package";

const WORDS: Record<string, [words: string, line: string, blocks?: boolean, foldsCase?: boolean]> = {
  python: ["False None True and as assert async await break class continue def del elif else except finally for from global if import in is lambda match case nonlocal not or pass raise return self try while with yield", "#"],
  javascript: [`${C_LIKE} async await let var const function of in typeof instanceof undefined yield from type readonly as keyof never unknown any string number boolean`, "//", true],
  c: [`${C_LIKE} sizeof extern inline namespace template using virtual auto nullptr include define`, "//", true],
  java: [`${C_LIKE} boolean byte final abstract super synchronized instanceof var record throws`, "//", true],
  rust: ["as async await break const continue crate dyn else enum extern false fn for if impl in let loop match mod move mut pub ref return self Self static struct super trait true type unsafe use where while", "//", true],
  go: ["break case chan const continue default defer else fallthrough for func go goto if import interface map package range return select struct switch type var nil true false string int bool error", "//", true],
  shell: ["if then else elif fi for while until do done case esac in function return exit export local set unset echo cd source sudo", "#"],
  sql: ["select from where insert into values update set delete create table index view drop alter add column primary key foreign references not null unique join left right inner outer on group by order having limit offset union all distinct as and or in is like between exists case when then else end begin commit rollback", "--", true, true],
  ruby: ["begin break case class def do else elsif end ensure false for if in module next nil not or and redo rescue retry return self super then true unless until when while yield require", "#"],
  php: [`${C_LIKE} function echo foreach as array fn use namespace require include`, "//", true],
  json: ["true false null", "\0"],
  yaml: ["true false null yes no", "#"],
  css: ["important media supports import keyframes root hover focus", "\0", true],
  html: ["", "\0"],
};

const OTHER_NAMES: Record<string, string> = {
  py: "python", js: "javascript", ts: "javascript", typescript: "javascript", jsx: "javascript", tsx: "javascript", svelte: "javascript",
  cpp: "c", "c++": "c", h: "c", cs: "java", kotlin: "java", swift: "java", rs: "rust", sh: "shell", bash: "shell", zsh: "shell", console: "shell",
  yml: "yaml", toml: "yaml", ini: "yaml", rb: "ruby", xml: "html", scss: "css",
};

const grammars = new Map<string, Grammar>();

function grammar(language: string): Grammar | null {
  const name = OTHER_NAMES[language] ?? language;
  const found = Object.hasOwn(WORDS, name) ? WORDS[name] : undefined;
  if (!found) return null;
  const [words, line, blocks = false, foldsCase = false] = found;
  const made = grammars.get(name) ?? { words: new Set(words.split(" ")), line, blocks, foldsCase };
  grammars.set(name, made);
  return made;
}

/** The text in tokens, of which each is `keyword`, `string`, `number`, `comment` or nothing; null for an unknown language. */
export function highlight(text: string, language: string): { text: string; kind: string }[] | null {
  const rules = grammar(language);
  if (!rules || text.length > 50_000) return null;
  // What is not closed goes to the end: so it is looked for once, and not again from each beginning.
  const line = rules.line.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");
  const token = new RegExp(
    `(?<comment>${line}.*${rules.blocks ? "|\\/\\*[^]*?(?:\\*\\/|$)" : ""})` +
      `|(?<string>"""[^]*?(?:"""|$)|"(?:\\\\.|[^"\\\\\\n])*"|'(?:\\\\.|[^'\\\\\\n])*'|\`(?:\\\\.|[^\`\\\\])*\`)` +
      // A sign behind a backslash begins no text: each would be looked through to its end in vain.
      `|\\\\.|(?<number>\\b\\d[\\w.]*)|(?<word>[\\p{L}_][\\p{L}\\p{N}_]*)`,
    "gu",
  );
  const found: { text: string; kind: string }[] = [];
  let start = 0;
  for (const match of text.matchAll(token)) {
    const groups = match.groups ?? {};
    const word = groups["word"];
    const isKeyword = word !== undefined && rules.words.has(rules.foldsCase ? word.toLowerCase() : word);
    const kind = isKeyword ? "keyword" : (["comment", "string", "number"].find((name) => groups[name] !== undefined) ?? "");
    if (!kind) continue;
    if (match.index > start) found.push({ text: text.slice(start, match.index), kind: "" });
    found.push({ text: match[0], kind });
    start = match.index + match[0].length;
  }
  found.push({ text: text.slice(start), kind: "" });
  return found;
}
