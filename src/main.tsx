import '@mantine/core/styles.css';
import { Container, MantineProvider, Text, Title } from '@mantine/core';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no element #root.');

createRoot(root).render(
  <StrictMode>
    <MantineProvider defaultColorScheme="auto">
      <Container component="main" size="sm" py="xl">
        <Title order={1}>Feasible</Title>
        <Text mt="md">A playground for learning with constrained parameters. The page is being built.</Text>
      </Container>
    </MantineProvider>
  </StrictMode>,
);
