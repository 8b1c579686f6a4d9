/** The report's style sheet: the lab's colours, light and dark by what the reader's system asks for, and on paper. */
export const REPORT_STYLE = `
:root { color-scheme: light dark;
  --bg: #f7f8fa; --panel: #ffffff; --line: #d9dde4; --ink: #1b2430; --soft: #4f5a68; --strong: #2563a8;
  --series-1: #2563a8; --series-2: #b8501a; --series-3: #0a7368; --series-4: #963fa6;
  --series-5: #7d6208; --series-6: #b8325a; --series-7: #56677a; --series-8: #3b7a20; }
@media (prefers-color-scheme: dark) { :root {
  --bg: #10141a; --panel: #171c24; --line: #303947; --ink: #e6eaf0; --soft: #a9b4c1; --strong: #6aa9ea;
  --series-1: #6aa9ea; --series-2: #f08a55; --series-3: #3cc4b4; --series-4: #cf8ade;
  --series-5: #d0b043; --series-6: #f07a9c; --series-7: #9fb0c2; --series-8: #86c565; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--bg); color: var(--ink);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", sans-serif;
  font-variant-numeric: tabular-nums; overflow-wrap: break-word; }
main { max-width: 1240px; margin: 0 auto; padding: 28px 24px 64px; }
h1 { font-size: 26px; line-height: 1.25; margin: 0 0 6px; }
h2 { font-size: 19px; margin: 40px 0 10px; padding-top: 14px; border-top: 1px solid var(--line); }
h3 { font-size: 15px; margin: 16px 0 4px; }
p { margin: 6px 0; max-width: 82ch; }
ul { margin: 4px 0; padding-left: 20px; max-width: 92ch; }
li { margin: 3px 0; }
.question { font-size: 17px; }
.soft, .note, figcaption, caption { color: var(--soft); }
.soft { font-weight: 400; }
.note { font-size: 13px; margin: 2px 0; }
.card { background: var(--panel); border: 1px solid var(--line); border-radius: 10px; padding: 14px; margin: 14px 0; overflow-x: auto; }
.card svg { display: block; margin: 0 auto; }
figcaption { font-size: 13px; margin-top: 8px; }
.curves { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(480px, 100%), 1fr)); gap: 14px; }
.curves .card { margin: 0; min-width: 0; }
.scroll { overflow-x: auto; margin: 16px 0 6px; background: var(--panel); border: 1px solid var(--line); border-radius: 10px; }
table { border-collapse: collapse; font-size: 13px; width: 100%; }
th:first-child { padding-left: 12px; }
caption { text-align: left; padding: 10px 12px 4px; font-weight: 600; }
th, td { padding: 5px 6px; text-align: right; border-bottom: 1px solid var(--line); white-space: nowrap; vertical-align: top; }
td small { display: block; font-size: 11.5px; color: var(--soft); }
thead th { white-space: normal; overflow-wrap: normal; vertical-align: bottom; font-weight: 600; color: var(--soft); }
tbody tr:last-child > * { border-bottom: 0; }
tbody th, .words { text-align: left; }
tbody th { font-weight: 600; position: sticky; left: 0; background: var(--panel); min-width: 118px; max-width: 260px; white-space: normal; }
td.words { white-space: normal; min-width: 90px; max-width: 320px; }
strong { color: var(--strong); }
.undefined { color: var(--soft); font-style: italic; }
sup { font-size: 10px; line-height: 1; font-style: normal; }
pre { background: var(--panel); border: 1px solid var(--line); border-radius: 8px; padding: 12px; overflow-x: auto; font-size: 13px; }
code { font-family: ui-monospace, "SF Mono", "Cascadia Mono", "DejaVu Sans Mono", Menlo, Consolas, monospace; }
details { margin: 12px 0; } summary { cursor: pointer; padding: 4px 0; }
:focus-visible { outline: 2px solid var(--strong); outline-offset: 2px; }
@media print { body { background: #fff; } .card, .scroll { break-inside: avoid; } }
`;
