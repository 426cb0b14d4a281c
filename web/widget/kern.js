// Colour tokens of KERN, the design system of the German administration: values of @kern-ux/native 2.7.2, theme "kern", licensed under
// EUPL-1.2 (../vendor/kern/README.md and LICENSE.md say where they come from). Names and values are theirs.
export const LIGHT = `
  --kern-color-action-default: oklch(42.84% 0.1689 265.02);
  --kern-color-action-on-default: oklch(100% 0 0);
  --kern-color-feedback-danger: oklch(52.37% 0.2002 29.28);
  --kern-color-darkblue-050: oklch(93.90% 0.0174 264.48);
  --kern-color-feedback-warning-background: oklch(93.57% 0.0683 84.88);
  --kern-color-form-input-background-inverted: oklch(100% 0 0);
  --kern-color-form-input-border: oklch(25.07% 0.0381 276.75);
  --kern-color-layout-border: oklch(75.46% 0.0348 276.22);
  --kern-color-layout-text-default: oklch(25.07% 0.0381 276.75);
  --kern-color-layout-text-muted: oklch(42.13% 0.0539 275.67);
  --kern-color-layout-background-default: oklch(100% 0 0);
  --kern-color-layout-background-hued: oklch(96.72% 0.0041 271.37);
`;

export const DARK = `
  --kern-color-action-default: oklch(75.39% 0.0772 264.66);
  --kern-color-action-on-default: oklch(0% 0 0);
  --kern-color-feedback-danger: oklch(68.64% 0.1543 29.27);
  --kern-color-lightblue-900: oklch(24.71% 0.0483 228.26);
  --kern-color-feedback-warning-background: oklch(25.26% 0.0574 63.38);
  --kern-color-form-input-background-inverted: oklch(0% 0 0);
  --kern-color-form-input-border: oklch(93.50% 0.0081 278.63);
  --kern-color-layout-border: oklch(42.13% 0.0539 275.67);
  --kern-color-layout-text-default: oklch(93.50% 0.0081 278.63);
  --kern-color-layout-text-muted: oklch(75.46% 0.0348 276.22);
  --kern-color-layout-background-default: oklch(0% 0 0);
  --kern-color-layout-background-hued: oklch(20.23% 0.0321 277.67);
`;
