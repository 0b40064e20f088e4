using MLNetExtensions.Onnx;
using MLNetExtensions.Training;

namespace MLNetExtensions.TrainingContract;

/// <summary>
/// The training runtime that these tests are run against. Every runtime's test project compiles the files of tests/Contract and has the
/// other part of this class, which knows the runtime. The golden records and the node tests are also compiled into tests/Peers, so they and
/// this class know nothing of xunit.
/// </summary>
internal static partial class RuntimeUnderTest
{
    /// <summary>
    /// The runtime. Where its native library may be missing, the test project says so by a <c>NeedsAttribute</c> of the assembly.
    /// </summary>
    public static partial ITrainingRuntime Create();

    /// <summary>The runtime's short name, such as <c>TorchSharp</c>.</summary>
    public static partial string Name { get; }

    /// <summary>
    /// The ONNX operators for which the runtime has kernels. Asked without <see cref="Create"/>: it needs no native library.
    /// </summary>
    public static partial IEnumerable<string> OpTypes { get; }

    /// <summary>
    /// Whether <see cref="Compile"/> can compute in 64 bits; where not, gradients are compared with the coarser differences of 32 bits.
    /// </summary>
    public static partial bool HasFloat64 { get; }

    /// <summary>
    /// Lowers a graph for static shapes (<see cref="MLNetExtensions.Onnx.Lowering.GraphLowering"/>, with the runtime's own choice of native
    /// operators) and compiles its nodes for inference mode in 32 bits, one thing that <see cref="CreateSession"/> cannot do: here inputs
    /// are of any type and any shape, no dimension is the batch, all outputs are computed, in their own types. Initializers are constants,
    /// not parameters.
    /// </summary>
    /// <param name="graph">A graph of any opset that the product reads.</param>
    /// <param name="shapes">The full shape of each graph input.</param>
    /// <param name="float64">Whether everything that is Float in the graph is held and computed in 64 bits: inputs and outputs are then
    /// Double tensors.</param>
    /// <exception cref="Exception">Whatever is wrong with the graph or not supported, here or when it runs; the node tests list it as the
    /// test's result.</exception>
    public static partial IGraphRun Compile(OnnxGraph graph, IReadOnlyDictionary<string, long[]> shapes, bool float64 = false);

    /// <summary>A session of the runtime.</summary>
    public static ITrainingSession CreateSession(OnnxGraph graph, TrainingSessionOptions options) => Create().CreateSession(graph, options);

    /// <summary>A step without its update; see <see cref="IGradientCheck"/>.</summary>
    public static (float Loss, float[] Output, IReadOnlyDictionary<string, OnnxTensor> Gradients) ComputeGradients(
        this ITrainingSession session,
        TrainingBatch batch
    ) => ((IGradientCheck)session).ComputeGradients(batch);
}
