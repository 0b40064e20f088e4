using System.Globalization;

namespace MLNetExtensions.TrainingContract.NodeTests;

/// <summary>
/// The list of the tests in scope, a line each: <c>NAME pass</c> or <c>NAME exclude REASON</c>. A new pass is a changed line in a review.
/// </summary>
internal static class NodeTestManifest
{
    /// <summary>Reads the file: the reason of each test, or null for those that must pass.</summary>
    public static Dictionary<string, string?> Read(string path) =>
        File.ReadLines(path)
            .Where(line => line.Length > 0 && line[0] != '#')
            .Select(line => line.Split(' ', 3))
            .ToDictionary(parts => parts[0], parts => parts[1] == "pass" ? null : parts[2]);

    /// <summary>How reasons begin that a person wrote: those for tests that contradict a decision of the product.</summary>
    private const string ByDesign = "by design:";

    /// <summary>Writes the file anew from results; reasons by design stay, the others are what the run said.</summary>
    public static void Write(string path, IReadOnlyDictionary<string, string?> results)
    {
        Dictionary<string, string?> old = File.Exists(path) ? Read(path) : [];
        int passed = results.Values.Count(r => r is null);
        using var writer = new StreamWriter(path) { NewLine = "\n" };
        writer.WriteLine(
            $"# ONNX's node tests (onnx 1.19.0) through lowering and {RuntimeUnderTest.Name}: NAME pass, or NAME exclude REASON."
        );
        writer.WriteLine($"# In scope: {NodeTestScope.Rule}.");
        writer.WriteLine(
            "# Out of scope: text, sequences, optionals, control flow, quantization, random, DFT, non-max suppression, ai.onnx.ml, "
                + "ai.onnx.preview."
        );
        writer.WriteLine("# To write this file anew: NODE_TESTS_WRITE=1 with the test class NodeTests.");
        writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"# {passed} of {results.Count} pass."));
        foreach ((string name, string? reason) in results.OrderBy(r => r.Key, StringComparer.Ordinal))
            writer.WriteLine(reason is null ? $"{name} pass" : $"{name} exclude {(Kept(name) ?? Shorten(reason))}");

        string? Kept(string name) =>
            old.GetValueOrDefault(name) is { } reason && reason.StartsWith(ByDesign, StringComparison.Ordinal) ? reason : null;
    }

    private static string Shorten(string reason) => reason.Length > 200 ? reason[..200] + "..." : reason;
}
