// What the widget says by itself, per language. Messages bring their own words.
const loaded = new Map();

export async function loadTexts(origin, language) {
  const address = `${origin}/widget/1/texts.${language}.json`;
  if (!loaded.has(address)) {
    const response = await fetch(address);
    if (!response.ok) throw new Error(`texts: ${response.status}`);
    loaded.set(address, await response.json());
  }
  return loaded.get(address);
}

export function fill(text, facts) {
  return text.replace(/\{(\w+)\}/g, (whole, name) => facts[name] ?? whole);
}
