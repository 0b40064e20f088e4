using MLNetExtensions.Onnx.Operators;
using MLNetExtensions.TensorFlow.Ops;
using MLNetExtensions.Training.Privacy;

namespace MLNetExtensions.TensorFlow.Privacy;

/// <summary>
/// The norms of the gradients of single examples, told from the inputs of the nodes with parameters and the gradients of their outputs
/// (Goodfellow 2015, arXiv 1510.01799; Lee and Kifer 2021, arXiv 2009.03106). The gradients themselves are never kept for all examples.
/// </summary>
/// <param name="graph">The graph to add to.</param>
/// <param name="lowered">The network.</param>
/// <param name="values">Its values.</param>
/// <param name="rows">The number of examples.</param>
internal sealed class ExampleGradients(TensorFlowGraph graph, LoweredGraph lowered, ProgramValues values, long rows)
{
    /// <summary>The number of values of a temporary tensor.</summary>
    private const long ChunkValues = 1 << 24;

    private static readonly HashSet<string> None = [];

    private Symbol? _last;

    /// <summary>The squared norm of each example's gradient: [rows].</summary>
    /// <param name="uses">The uses of the parameters.</param>
    /// <param name="gradients">The gradients of the values that nodes made.</param>
    public Symbol SquaredNorms(IReadOnlyList<ParameterUse> uses, IReadOnlyDictionary<Symbol, Symbol> gradients)
    {
        var squares = new List<Symbol>();
        foreach (ParameterUse use in uses)
        {
            OpResult output = values.Made(use.Node.Outputs[0]);
            if (!gradients.TryGetValue(output.Value, out Symbol gradient))
                continue;
            using IDisposable scope = graph.Scope("example_gradients");
            var own = new OpResult(gradient, output.ChannelsLast);
            Symbol norms = use.Rule switch
            {
                ExampleRule.Windows => OfWindows(use, Last(values.Made(use.Node.Inputs[0])), Last(own)),
                ExampleRule.Matrix => OfMatrix(First(values.Made(use.Node.Inputs[0])), First(own)),
                ExampleRule.Addend => OfRepeated(First(own), use),
                ExampleRule.Slope => OfRepeated(
                    First(own) * graph.Minimum(First(values.Made(use.Node.Inputs[0])), graph.Scalar(0, DataType.Float)),
                    use
                ),
                _ => OfRepeated(First(own) * First(values.Made(use.Node.Inputs[use.Input == 0 ? 1 : 0])), use),
            };
            squares.Add(use.SquaredScale == 1 ? norms : norms * use.SquaredScale);
        }
        return squares.Count == 0 ? graph.Zeros(DataType.Float, [rows]) : graph.AddN(squares);
    }

    private Symbol OfMatrix(Symbol input, Symbol gradient)
    {
        Symbol a = graph.Reshape(input, rows, Count(input) / rows / input.Shape[^1], input.Shape[^1]),
            g = graph.Reshape(gradient, rows, Count(gradient) / rows / gradient.Shape[^1], gradient.Shape[^1]);
        return a.Shape[1] == 1 ? SquareSum(a) * SquareSum(g) : OfProducts(a, g);
    }

    private Symbol OfWindows(ParameterUse use, Symbol input, Symbol gradient)
    {
        long[] kernel = lowered.Types[use.Node.Inputs[1]].Shape[2..];
        var window = new Window(new OpNode(use.Node, lowered, None, None), kernel);
        int groups = (int)use.Node.Int("group", 1);
        (long[] size, long[] strides, (long Before, long After)[] pads) = WindowViews.InPlane(window);
        long[] dilations = window.Dilations;
        if (kernel.Length == 1)
        {
            // One dimension is two with a height of 1.
            dilations = [1, .. dilations];
            input = graph.Reshape(input, input.Shape[0], 1, input.Shape[1], input.Shape[2]);
        }
        if (size.Length == 3)
            (size, strides) = (size[1..], strides[1..]);
        long channels = input.Shape[3],
            outputs = gradient.Shape[^1],
            places = Count(gradient) / rows / outputs,
            area = size[0] * size[1];
        return InChunks(
            area * channels * places,
            (start, count) =>
            {
                Symbol windows = graph.Pad(graph.Narrow(Then(input), 0, start, count), [(0, 0), pads[0], pads[1], (0, 0)]);
                if (area > 1 || strides.Any(s => s > 1))
                    windows = graph
                        .Op("ExtractImagePatches")
                        .Input(windows)
                        .Set("ksizes", [1, .. size, 1])
                        .Set("strides", [1, .. strides, 1])
                        .Set("rates", [1, .. dilations, 1])
                        .Set("padding", "VALID")
                        .Output();
                Symbol g = graph.Reshape(graph.Narrow(gradient, 0, start, count), count, places, groups, outputs / groups);
                windows = graph.Reshape(windows, count, places, area, groups, channels / groups);
                return OfProducts(
                    graph.Reshape(graph.Transpose(windows, 0, 3, 1, 2, 4), count * groups, places, area * channels / groups),
                    graph.Reshape(graph.Transpose(g, 0, 2, 1, 3), count * groups, places, outputs / groups),
                    groups
                );
            }
        );
    }

    /// <summary>
    /// The squared norms of the sums over places of outer products: of [rows x groups, places, values] and [rows x groups, places,
    /// outputs].
    /// </summary>
    private Symbol OfProducts(Symbol a, Symbol g, long groups = 1)
    {
        (long all, long places, long width, long outputs) = (a.Shape[0], a.Shape[1], a.Shape[2], g.Shape[2]);
        Symbol squares;
        if (places * (width + outputs) < width * outputs)
        {
            Symbol product = Product(a, a, first: false) * Product(g, g, first: false);
            squares = graph.Sum(graph.Reshape(product, all, places * places), [1]);
        }
        else
        {
            squares = SquareSum(Product(a, g, first: true));
        }
        return groups == 1 ? squares : graph.Sum(graph.Reshape(squares, all / groups, groups), [1]);

        Symbol Product(Symbol x, Symbol y, bool first) =>
            graph.Op("BatchMatMulV2").Input(x).Input(y).Set(first ? "adj_x" : "adj_y", true).Output();
    }

    /// <summary>The squared norms of gradients that are summed over the dimensions that a parameter is repeated along.</summary>
    private Symbol OfRepeated(Symbol gradient, ParameterUse use)
    {
        long[] sizes = gradient.Shape[1..];
        Symbol g = graph.Reshape(gradient, [rows, gradient.Shape[0] / rows, .. sizes]);
        return SquareSum(graph.Sum(g, use.RepeatedAxes(sizes), keep: true));
    }

    private Symbol SquareSum(Symbol x) => graph.Sum(graph.Square(graph.Reshape(x, x.Shape[0], Count(x) / x.Shape[0])), [1]);

    /// <summary>Some examples at a time, one part after the other.</summary>
    private Symbol InChunks(long values, Func<long, long, Symbol> norms)
    {
        long each = Math.Clamp(ChunkValues / Math.Max(1, values), 1, rows);
        var parts = new List<Symbol>();
        for (long start = 0; start < rows; start += each)
        {
            Symbol part = norms(start, Math.Min(each, rows - start));
            _last = part;
            parts.Add(part);
        }
        return graph.Concat(parts, 0);
    }

    /// <summary>The value, once what came before has been computed: two large temporary tensors at once are too many.</summary>
    private Symbol Then(Symbol value) => _last is { } last ? graph.After(value, last.Output.Operation) : value;

    private Symbol First(OpResult value) =>
        value.ChannelsLast && value.Value.Rank >= 3
            ? graph.Transpose(
                value.Value,
                [0, value.Value.Rank - 1, .. Enumerable.Range(1, value.Value.Rank - 2).Select(axis => (long)axis)]
            )
            : value.Value;

    private Symbol Last(OpResult value) =>
        value.ChannelsLast
            ? value.Value
            : graph.Transpose(value.Value, [0, .. Enumerable.Range(2, value.Value.Rank - 2).Select(axis => (long)axis), 1]);

    private static long Count(Symbol x) => x.Shape.Aggregate(1L, (product, size) => product * size);
}
