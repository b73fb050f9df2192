export default {
  test: {
    include: ["vitest*.test.js"],
    testTimeout: 60_000,
    coverage: { provider: "istanbul", reporter: ["json"] },
  },
};
