/** The mark and the name. */
import classes from './brand.module.css';

function Mark() {
  return (
    <svg width="22" height="22" viewBox="0 0 22 22" aria-hidden="true" className={classes.mark}>
      <rect width="22" height="22" rx="6" fill="var(--mantine-primary-color-filled)" />
      <path d="M4 17 18 8" stroke="var(--mantine-primary-color-contrast)" strokeWidth="1.75" strokeLinecap="round" />
      <path
        d="M7 4.5v5.5"
        stroke="var(--mantine-primary-color-contrast)"
        strokeWidth="1.5"
        strokeLinecap="round"
        strokeDasharray="1 2.6"
      />
      <circle cx="7" cy="15" r="2.6" fill="var(--mantine-primary-color-contrast)" />
    </svg>
  );
}

export const Brand = () => (
  <div className={classes.name}>
    <Mark />
    <h1>Feasible</h1>
  </div>
);
