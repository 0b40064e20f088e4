using MLNetExtensions.Onnx;
using MLNetExtensions.TensorFlow;
using MLNetExtensions.TensorFlow.Ops;
using MLNetExtensions.TensorFlow.Tests;
using MLNetExtensions.Training;

namespace MLNetExtensions.TrainingContract;

/// <summary>
/// The contract's tests run against TensorFlow here, where its library can be had (<see cref="NeedsTensorFlowAttribute"/>).
/// </summary>
internal static partial class RuntimeUnderTest
{
    public static partial ITrainingRuntime Create() => TensorFlowRuntime.Create();

    public static partial string Name => "TensorFlow";

    public static partial IEnumerable<string> OpTypes => OpRegistry.OpTypes;

    public static partial bool HasFloat64 => true;

    public static partial IGraphRun Compile(OnnxGraph graph, IReadOnlyDictionary<string, long[]> shapes, bool float64) =>
        new GraphRun(graph, shapes, float64);
}
