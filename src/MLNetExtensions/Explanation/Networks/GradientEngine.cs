using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Lowering;
using MLNetExtensions.Training;
using MLNetExtensions.Training.Losses;

namespace MLNetExtensions.Explanation.Networks;

/// <summary>
/// Gradients of chosen outputs of a network with respect to its input or to a value inside, by a training runtime, for batches of one
/// size. Not thread-safe. Holds a session's native memory.
/// </summary>
internal sealed class GradientEngine : IDisposable
{
    private readonly ITrainingSession _session;
    private readonly string _zeros;
    private readonly int _batch,
        _outputs,
        _valueLength;
    private readonly float[] _input,
        _targets;

    /// <param name="graph">A graph with one input, [batch, ...], and one output, [batch, n].</param>
    /// <param name="value">The input, or a value inside.</param>
    /// <param name="rowShape">The value's shape for one row.</param>
    /// <param name="inputLength">The number of values of a row of the input.</param>
    /// <param name="outputs">The number of outputs of a row.</param>
    /// <param name="batch">The number of rows of a step.</param>
    /// <param name="runtime">The runtime.</param>
    /// <exception cref="UnsupportedOpsException">The runtime lacks operators; the message lists them.</exception>
    public GradientEngine(OnnxGraph graph, string value, long[] rowShape, int inputLength, int outputs, int batch, ITrainingRuntime runtime)
    {
        (_batch, _outputs) = (batch, outputs);
        _valueLength = (int)rowShape.Aggregate(1L, (product, size) => product * size);
        _input = new float[batch * inputLength];
        _targets = new float[batch * (outputs + 1)];
        OnnxGraph spliced = GradientSplice.Apply(graph, value, [batch, .. rowShape], out _zeros);
        // The zeros are for this number of rows.
        spliced = BatchAxis.State(spliced, batch);
        _session = runtime.CreateSession(
            spliced,
            new TrainingSessionOptions
            {
                TrainableParameters = [_zeros],
                Loss = new OnnxLoss(SumOfChosen(graph.Opset, outputs)),
                BatchNorm = BatchNormMode.Inference,
                Dropout = false,
                Precision = TrainingPrecision.Float32,
            }
        );
    }

    /// <summary>The number of rows of a step.</summary>
    public int Batch => _batch;

    /// <summary>Computes the gradients of one output of each row.</summary>
    /// <param name="input">The rows, at most a batch of them.</param>
    /// <param name="chosen">The output of each row.</param>
    /// <param name="gradients">Receives the gradients, one row after another.</param>
    /// <param name="outputs">Receives the outputs; empty where they are not asked for.</param>
    public void Compute(ReadOnlySpan<float> input, ReadOnlySpan<int> chosen, Span<float> gradients, Span<float> outputs = default)
    {
        int rows = chosen.Length;
        input.CopyTo(_input);
        // Rows that only fill the batch have no weight.
        Array.Clear(_input, input.Length, _input.Length - input.Length);
        Array.Clear(_targets);
        for (int row = 0; row < rows; row++)
        {
            Span<float> target = _targets.AsSpan(row * (_outputs + 1), _outputs + 1);
            target[chosen[row]] = 1;
            target[_outputs] = 1;
        }
        var batch = new TrainingBatch
        {
            Count = _batch,
            Inputs = [_input],
            Targets = _targets,
            TargetWeight = 1,
        };
        (float loss, float[] output, IReadOnlyDictionary<string, OnnxTensor> found) = ((IGradientCheck)_session).ComputeGradients(batch);
        if (!float.IsFinite(loss))
            throw new InvalidOperationException("The network's outputs are not finite for these images; there is no gradient to explain.");
        found[_zeros].Span<float>()[..(rows * _valueLength)].CopyTo(gradients);
        if (!outputs.IsEmpty)
            output.AsSpan(0, rows * _outputs).CopyTo(outputs);
    }

    public void Dispose() => _session.Dispose();

    /// <summary>A loss whose gradient is that of the outputs with a one among the targets: a value for each row.</summary>
    private static OnnxGraph SumOfChosen(int opset, int outputs) =>
        new()
        {
            Name = "chosen outputs",
            Opsets = new Dictionary<string, int> { [""] = Math.Max(13, opset) },
            Inputs =
            [
                OnnxValue.Create("outputs", OnnxElementType.Float, -1, outputs),
                OnnxValue.Create("chosen", OnnxElementType.Float, -1, outputs),
            ],
            Outputs = [OnnxValue.Create("sum", OnnxElementType.Float, -1)],
            Nodes =
            [
                OnnxNode.Create("Mul", ["outputs", "chosen"], ["product"]),
                OnnxNode.Create("ReduceSum", ["product", "axes"], ["sum"], OnnxAttribute.Of("keepdims", 0L)),
            ],
            Initializers = new Dictionary<string, OnnxTensor> { ["axes"] = OnnxTensor.FromInt64s("axes", [1], [1]) },
        };
}
