import type { AccessPreview as Preview } from '../../core/preview.ts';
import { AccessPreview } from '../access-preview.ts';

export const DRY_RUN = 'Only says what it would do to access, in `preview`: nothing is stored, and nothing sent.';

export const PREVIEW = {
  type: AccessPreview,
  nullable: true,
  description: 'What it would do to access; null unless `dryRun`.',
  resolve: ({ preview }: { preview: Preview | null }) => preview,
} as const;
