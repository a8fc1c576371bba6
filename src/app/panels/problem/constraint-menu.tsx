/** One more constraint without knowing how it is written: the catalogue's sets and what they mean; the choice is put into the text. */
import { Button, Menu, Text } from '@mantine/core';
import { Fragment, useMemo } from 'react';
import { constraintOffers, withConstraint } from '../../store/constraint-offers.ts';
import { useStore, useStoreApi } from '../../store/use-store.ts';

export function ConstraintMenu() {
  const store = useStoreApi();
  const parameters = useStore(({ study }) => study?.problem.parameters);
  const hasErrors = useStore(({ studied, diagnosed }) => studied !== diagnosed);
  const offered = useMemo(() => constraintOffers(parameters ?? []), [parameters]);
  const add = (line: string) => {
    const { experiment, editText } = store.getState();
    editText(withConstraint(experiment.problem, line), null);
  };
  return (
    <Menu width={300} position="bottom-start" withinPortal>
      <Menu.Target>
        <Button
          size="compact-sm"
          variant="subtle"
          color="gray"
          disabled={offered.length === 0 || hasErrors}
          aria-label="Add a constraint"
        >
          Add…
        </Button>
      </Menu.Target>
      <Menu.Dropdown mah="min(60dvh, 26rem)" style={{ overflowY: 'auto' }}>
        {offered.map(({ of, offers }) => (
          <Fragment key={of}>
            <Menu.Label>A constraint on {of}</Menu.Label>
            {offers.map(({ line, meaning }) => (
              <Menu.Item key={line} onClick={() => add(line)}>
                <Text size="xs" ff="monospace" truncate>
                  {line}
                </Text>
                <Text size="xs" c="dimmed">
                  {meaning}
                </Text>
              </Menu.Item>
            ))}
          </Fragment>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
