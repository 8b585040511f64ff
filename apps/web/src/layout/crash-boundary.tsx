import { Button } from "@mantine/core";
import { Component, type ReactNode } from "react";
import { describeError } from "../notices/describe-error.js";
import { Message } from "./message.js";
import { Page } from "./page.js";

interface CrashBoundaryProps {
  readonly children: ReactNode;
}
interface CrashBoundaryState {
  readonly reason: unknown;
}

/** Shows a page that explains itself, where a fault of ours would leave an empty one. */
export class CrashBoundary extends Component<CrashBoundaryProps, CrashBoundaryState> {
  override state: CrashBoundaryState = { reason: null };

  static getDerivedStateFromError(reason: unknown): CrashBoundaryState {
    return { reason };
  }

  override render(): ReactNode {
    if (this.state.reason === null) return this.props.children;
    return (
      <Page title="Stopped">
        <Message icon="warning" title="Something went wrong" text={describeError(this.state.reason)}>
          <Button onClick={() => location.reload()}>Load the page again</Button>
        </Message>
      </Page>
    );
  }
}
