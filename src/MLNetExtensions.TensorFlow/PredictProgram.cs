using MLNetExtensions.Onnx.Operators;
using MLNetExtensions.TensorFlow.Ops;

namespace MLNetExtensions.TensorFlow;

/// <summary>A network's prediction for one set of input shapes, by the averaged weights where there are such.</summary>
internal sealed class PredictProgram : IDisposable
{
    private readonly PreparedRun _run;

    public PredictProgram(
        TensorFlowGraph graph,
        LoweredGraph lowered,
        ParameterLayout layout,
        SessionVariables variables,
        DataType computeType
    )
    {
        var pass = new PassKind(Training: false, BatchNormTraining: false, Dropout: false, computeType);
        Variable values = variables.AverageValues ?? variables.Values,
            state = variables.AverageState ?? variables.State;
        var network = new Network(graph, lowered, layout, values.Value, state.Value, pass);
        Inputs = new ProgramInputs(network.Inputs);
        // A network that hands on an input is fetched through an op.
        Symbol output = graph.Identity(network.Output);
        OutputCount = output.Shape.Aggregate(1L, (product, size) => product * size);
        _run = new PreparedRun(Inputs.Feeds, [output], []);
    }

    /// <summary>The buffers a batch is copied to.</summary>
    public ProgramInputs Inputs { get; }

    /// <summary>The number of values of the answer.</summary>
    public long OutputCount { get; }

    /// <summary>The answer to the batch that was copied.</summary>
    public void Run(GraphSession session, Span<float> output)
    {
        _run.Run(session);
        using Tensor result = _run.Take(0);
        result.Floats.CopyTo(output);
    }

    public void Dispose() => Inputs.Dispose();
}
