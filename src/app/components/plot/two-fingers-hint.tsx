/** Says for a moment that the picture is moved by two fingers, since one scrolls the page. */
import { useEffect, useState } from 'react';
import classes from './two-fingers-hint.module.css';

const SHOWN_MS = 1800;

export function TwoFingersHint() {
  const [isShown, setShown] = useState(true);
  useEffect(() => {
    const timer = setTimeout(setShown, SHOWN_MS, false);
    return () => clearTimeout(timer);
  }, []);
  return isShown && <div className={classes.hint}>Two fingers move and zoom the picture</div>;
}
