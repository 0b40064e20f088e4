namespace MLNetExtensions.TrainingContract.NodeTests;

/// <summary>The official ONNX node tests, as the manifest of the runtime's test project says.</summary>
[NeedsNodeTests]
public sealed class NodeTests
{
    [Fact]
    public void The_manifest_is_true()
    {
        string archive = NeedsNodeTestsAttribute.Archive;
        RuntimeUnderTest.Create();
        string project = typeof(NodeTests).Assembly.GetName().Name!;
        string path = Path.Combine(SharedData.RepositoryRoot, "tests", project, "NodeTests", "node-tests.txt");
        Dictionary<string, string?> results = NodeTestRunner.RunAll(archive);
        if (Environment.GetEnvironmentVariable("NODE_TESTS_WRITE") == "1")
            NodeTestManifest.Write(path, results);
        Dictionary<string, string?> manifest = NodeTestManifest.Read(path);

        var wrong = new List<string>();
        foreach ((string name, string? failure) in results)
        {
            if (!manifest.TryGetValue(name, out string? reason))
                wrong.Add($"{name}: in scope but not in the manifest; {failure ?? "it passes"}");
            else if (reason is null && failure is not null)
                wrong.Add($"{name}: {failure}");
            else if (reason is not null && failure is null)
                wrong.Add($"{name}: excluded but passes; make its line 'pass'");
        }
        wrong.AddRange(manifest.Keys.Except(results.Keys).Select(name => $"{name}: in the manifest but not in scope"));

        Assert.True(wrong.Count == 0, string.Join(Environment.NewLine, wrong));
    }
}
