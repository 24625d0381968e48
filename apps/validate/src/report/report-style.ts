export const styleSheet = `
:root { color-scheme: light dark; --ink: #1d2430; --faint: #5c6675; --line: #d9dee6; --bar: #2f6db5; --weak: #9db8d8;
  --warn: #c2410c; --good: #2b7a4b; --paper: #fff; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e9ee; --faint: #9aa4b2; --line: #343b46; --bar: #6ea8e8;
  --weak: #3d5676; --warn: #f08a52; --good: #6cc592; --paper: #14181e; } }
body { margin: 0; background: var(--paper); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
main { max-width: 760px; margin: 0 auto; padding: 24px 20px 64px; }
h1 { font-size: 26px; margin: 8px 0 0; } h2 { font-size: 18px; margin: 36px 0 8px; } h3 { font-size: 15px; margin: 20px 0 6px; }
.lead { color: var(--faint); margin-top: 4px; }
table { border-collapse: collapse; width: 100%; } th { text-align: left; color: var(--faint); font-weight: 500; }
th, td { padding: 3px 12px 3px 0; border-bottom: 1px solid var(--line); vertical-align: top; overflow-wrap: anywhere; }
td.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.gate { border-left: 4px solid var(--good); padding: 4px 12px; } .gate.failed { border-color: var(--warn); }
svg { display: block; width: 100%; height: auto; margin: 6px 0; font: 12px system-ui, sans-serif; }
svg text { fill: var(--ink); } svg .name { text-anchor: end; } svg .tick { text-anchor: middle; fill: var(--faint); }
svg .value { fill: var(--faint); } svg .small { font-size: 10px; fill: var(--faint); }
svg .bar { fill: var(--bar); } svg .weak { fill: var(--weak); } svg .below { fill: var(--warn); }
svg .unknown { fill: none; stroke: var(--line); } svg .axis { stroke: var(--line); }
svg .mark { stroke: var(--warn); stroke-width: 2; stroke-dasharray: 4 3; }
`;
