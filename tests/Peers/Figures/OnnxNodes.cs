using MLNetExtensions.TestData;
using MLNetExtensions.TrainingContract.NodeTests;

namespace MLNetExtensions.Peers.Figures;

internal static class OnnxNodes
{
    public static double? Measure()
    {
        Dictionary<string, string?> results = NodeTestRunner.RunAll(SharedData.PathOf("onnx-node-tests-1.19.0.tar.gz"));
        int passed = results.Values.Count(reason => reason is null);
        Console.WriteLine($"{passed} of {results.Count} tests in scope pass. In scope: {NodeTestScope.Rule}.");
        return (double)passed / results.Count;
    }
}
