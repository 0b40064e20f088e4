using System.Globalization;
using MLNetExtensions.Imaging;
using MLNetExtensions.Onnx;

namespace MLNetExtensions.Training.Losses;

/// <summary>
/// A loss that is given as an ONNX graph, for every training runtime: written in C# with <see cref="OnnxNode.Create"/>, or exported by
/// PyTorch. The runtime lowers the graph like the network's and follows its gradient back to the network's output. The loss computes in
/// 32-bit floats in inference mode whatever the network's precision is, its initializers are constants, and it is no part of the exported
/// model.
/// </summary>
/// <remarks>
/// The graph's inputs, in this order (their names are free):
/// <list type="number">
/// <item>The network's first output: Float <c>[batch, n]</c>, without softmax or sigmoid; also <c>[batch]</c> where n is 1.</item>
/// <item>The targets. Int64 or Int32 <c>[batch]</c>: the class of each row, from 0 (Classification, Ordinal). Or Float
/// <c>[batch, n]</c>, also <c>[batch]</c> where n is 1: 1 for the row's class and 0 for others (Classification), each label's value
/// (MultiLabel), the label standardized by the training rows' mean and deviation (Regression), or 1 for each level that the row is above
/// (Ordinal).</item>
/// <item>Optional: the weights of the rows, Float <c>[batch]</c>; 1 without class weights and in validation.</item>
/// </list>
/// Its one output is Float. With a value for each row, <c>[batch]</c>, the loss is their mean, weighted by the rows' weights; a graph
/// that takes weights must weight the values itself, and they are summed and divided by the sum of the weights. With one number, it is the
/// batch's loss, that is a mean over its rows (weighted where the graph takes weights); batches that are summed for one update, or trained
/// by several workers, count by the sum of their rows' weights.
/// </remarks>
public sealed record OnnxLoss : Loss
{
    private readonly OnnxLossGraph _graph;

    /// <summary>Takes a graph as the loss.</summary>
    /// <param name="graph">The graph, of opset 7 to 22; see the remarks for its inputs and its output.</param>
    /// <exception cref="ArgumentException">Its inputs or its output do not fit, or no gradient gets from its output to its first input;
    /// the message names the value or the node.</exception>
    public OnnxLoss(OnnxGraph graph)
    {
        ArgumentNullException.ThrowIfNull(graph);
        Graph = graph;
        _graph = new OnnxLossGraph(graph);
    }

    /// <summary>The graph.</summary>
    public OnnxGraph Graph { get; }

    /// <summary>A weight for each class, in the order of the label's keys: the weight of the rows of that class.</summary>
    /// <value>The default is null: each row has weight 1. The trainers' ClassWeights and BalanceClasses set it.</value>
    public IReadOnlyList<float>? ClassWeights { get; init; }

    /// <summary>True if the targets are the class of each row; false if they are floats.</summary>
    internal bool TakesClasses => _graph.TakesClasses;

    /// <summary>Reads the graph from an ONNX file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="OnnxFormatException">It is not an ONNX model.</exception>
    /// <exception cref="ArgumentException">Its graph does not fit; see <see cref="OnnxLoss(OnnxGraph)"/>.</exception>
    public static OnnxLoss FromFile(string path) => new(OnnxGraph.Load(path));

    /// <summary>The number of target values of a row: the class or the floats, and behind them the row's weight.</summary>
    /// <inheritdoc/>
    public override int TargetWidth(int width) => (TakesClasses ? 1 : width) + 1;

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The graph does not fit outputs of this width.</exception>
    public override double Sum(ReadOnlySpan<float> outputs, ReadOnlySpan<float> targets, int width)
    {
        using ILossMeasure measure = OpenMeasure();
        return measure.Sum(outputs, targets, width);
    }

    /// <summary>What the graph takes and gives for outputs of a width.</summary>
    /// <exception cref="ArgumentException">It does not fit them; or it gives one number for all rows, takes no weights, and there are
    /// class weights.</exception>
    internal OnnxLossSignature SignatureFor(int width)
    {
        OnnxLossSignature signature = _graph.SignatureFor(width);
        if (ClassWeights is not null)
            signature.RequireWeighted();
        return signature;
    }

    /// <summary>The weight of a row.</summary>
    /// <param name="label">The row's class.</param>
    internal float WeightOf(int label) => ClassWeights?[label] ?? 1;

    internal override ILossMeasure OpenMeasure() => new OnnxLossMeasure(this);

    internal override void Check(SettingChecks checks) => checks.NoneNegative(ClassWeights);

    /// <inheritdoc/>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{nameof(OnnxLoss)} '{Graph.Name}' of {Graph.Nodes.Count} nodes");
}
