using MLNetExtensions.Onnx;
using MLNetExtensions.TorchSharp;
using MLNetExtensions.TorchSharp.Ops;
using MLNetExtensions.TorchSharp.Tests;
using MLNetExtensions.Training;

namespace MLNetExtensions.TrainingContract;

/// <summary>The contract's tests run against TorchSharp here. libtorch is always there: a package of this project.</summary>
internal static partial class RuntimeUnderTest
{
    public static partial ITrainingRuntime Create() => new TorchSharpRuntime();

    public static partial string Name => "TorchSharp";

    public static partial IEnumerable<string> OpTypes => OpRegistry.OpTypes;

    public static partial bool HasFloat64 => true;

    public static partial IGraphRun Compile(OnnxGraph graph, IReadOnlyDictionary<string, long[]> shapes, bool float64) =>
        new GraphRun(graph, shapes, float64);
}
