import { builder } from './builder.ts';

export const UserRole = builder.enumType('UserRole', {
  description: 'Who a person is in the workspace. What a token may do is another matter.',
  values: {
    ADMIN: { description: 'Runs the workspace.' },
    MEMBER: { description: 'Uses the workspace.' },
    GUEST: { description: 'Visits it.' },
  },
});
