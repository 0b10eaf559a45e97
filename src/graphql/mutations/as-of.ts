/** The field of every statement of a fact: messages that overtake each other do no harm. */
export const AS_OF = {
  type: 'DateTime',
  required: false,
  description: "When this was true in the caller's system. Older than what is stored: nothing changes. Now unless given.",
} as const;
