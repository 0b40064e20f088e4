using MLNetExtensions.Onnx.Operators;
using MLNetExtensions.Training.Privacy;

namespace MLNetExtensions.TorchSharp.Privacy;

/// <summary>
/// The norms of the gradients of single examples, told from the inputs of the nodes with parameters and the gradients of their outputs. The
/// gradients themselves are never kept for all examples.
/// </summary>
/// <remarks>
/// A matrix product's are norms of outer products (Goodfellow 2015, arXiv 1510.01799); what is summed over places is either computed for
/// some examples at a time or told from products of places (Lee and Kifer 2021, arXiv 2009.03106), whichever is less work.
/// </remarks>
internal sealed class ExampleGradients
{
    /// <summary>The number of values of a temporary tensor.</summary>
    private const long ChunkValues = 1 << 24;

    private static readonly HashSet<string> None = [];

    private readonly Dictionary<Instruction, ParameterUse[]> _uses;
    private readonly Dictionary<ParameterUse, Window> _windows;
    private readonly HashSet<int> _kept;
    private readonly List<(Instruction Instruction, Tensor?[] Inputs, Tensor Output)> _seen = [];

    /// <param name="instructions">The compiled nodes.</param>
    /// <param name="lowered">Their graph.</param>
    /// <param name="uses">The uses of its trainable parameters.</param>
    public ExampleGradients(IEnumerable<Instruction> instructions, LoweredGraph lowered, IReadOnlyList<ParameterUse> uses)
    {
        _uses = instructions
            .Select(i => (Instruction: i, Uses: uses.Where(u => ReferenceEquals(u.Node, i.Node)).ToArray()))
            .Where(p => p.Uses.Length > 0)
            .ToDictionary(p => p.Instruction, p => p.Uses);
        _windows = uses.Where(u => u.Rule == ExampleRule.Windows)
            .ToDictionary(u => u, u => new Window(new OpNode(u.Node, lowered, None, None), lowered.Types[u.Node.Inputs[1]].Shape[2..]));
        _kept = [.. _uses.Keys.SelectMany(i => i.Inputs.Append(i.Outputs[0]))];
    }

    /// <summary>True if the tensor in a slot is needed until the backward pass.</summary>
    public bool Keeps(int slot) => _kept.Contains(slot);

    /// <summary>Forgets the values of an earlier pass.</summary>
    public void Begin() => _seen.Clear();

    /// <summary>Notes what a node read and made.</summary>
    public void Record(Instruction instruction, Tensor?[] inputs, Tensor output)
    {
        if (_uses.ContainsKey(instruction) && output.requires_grad)
            _seen.Add((instruction, [.. inputs], output));
    }

    /// <summary>Goes back once, without parameters' gradients, for the squared norm of each example's gradient.</summary>
    /// <param name="output">What the pass returned.</param>
    /// <param name="gradient">The gradient of its loss.</param>
    /// <param name="rows">The number of examples.</param>
    public Tensor SquaredNorms(Tensor output, Tensor gradient, long rows)
    {
        List<Tensor> outputs = [.. _seen.Select(s => s.Output)];
        Tensor squares = torch.zeros(rows, device: output.device);
        if (outputs.Count == 0)
            return squares;
        IList<Tensor> gradients = torch.autograd.grad([output], outputs, [gradient], retain_graph: true);
        using IDisposable noGradient = torch.no_grad();
        for (int i = 0; i < _seen.Count; i++)
        {
            (Instruction instruction, Tensor?[] inputs, _) = _seen[i];
            foreach (ParameterUse use in _uses[instruction])
            {
                using IDisposable scope = torch.NewDisposeScope();
                Tensor own = use.Rule switch
                {
                    ExampleRule.Windows => OfWindows(_windows[use], inputs[0]!, gradients[i], use.Node.Int("group", 1)),
                    ExampleRule.Matrix => OfMatrix(inputs[0]!, gradients[i], rows),
                    ExampleRule.Addend => OfRepeated(gradients[i], use, rows),
                    ExampleRule.Slope => OfRepeated(gradients[i].mul(inputs[0]!.clamp_max(0)), use, rows),
                    _ => OfRepeated(gradients[i].mul(inputs[use.Input == 0 ? 1 : 0]!), use, rows),
                };
                squares.add_(own, use.SquaredScale);
            }
        }
        return squares;
    }

    private static Tensor OfMatrix(Tensor input, Tensor gradient, long rows)
    {
        Tensor a = input.reshape(rows, -1, input.shape[^1]),
            g = gradient.reshape(rows, -1, gradient.shape[^1]);
        return a.shape[1] == 1
            ? SquareSum(a).mul_(SquareSum(g))
            : OfProducts(a.transpose(1, 2).unsqueeze(1), g.transpose(1, 2).unsqueeze(1));
    }

    private static Tensor OfWindows(Window window, Tensor input, Tensor gradient, long groups)
    {
        (long rows, long outputs) = (gradient.shape[0], gradient.shape[1]);
        long places = window.Output.Aggregate(1L, (product, size) => product * size),
            values = input.shape[1] * window.Kernel.Aggregate(1L, (product, size) => product * size);
        long each = Math.Clamp(ChunkValues / Math.Max(1, values * places), 1, rows);
        var parts = new List<Tensor>();
        for (long start = 0; start < rows; start += each)
        {
            long count = Math.Min(each, rows - start);
            using IDisposable scope = torch.NewDisposeScope();
            Tensor windows = Unfold(window, input.narrow(0, start, count)).reshape(count, groups, values / groups, places),
                gradients = gradient.narrow(0, start, count).reshape(count, groups, outputs / groups, places);
            parts.Add(OfProducts(windows, gradients).MoveToOuterDisposeScope());
        }
        return parts.Count == 1 ? parts[0] : torch.cat(parts, 0);
    }

    /// <summary>The values that each window reads: [rows, channels, kernel ..., places ...].</summary>
    private static Tensor Unfold(Window window, Tensor input)
    {
        if (window.IsSymmetric && window.Kernel.All(k => k == 1) && window.Strides.All(s => s == 1) && window.Begin.All(p => p == 0))
            return input.reshape(input.shape[0], input.shape[1], -1);
        // A view of the padded image, which the caller's reshape copies: libtorch's own unfold takes twice as long.
        Tensor padded = Ops.WindowTensors.Pad(window, input, 0);
        int rank = window.Kernel.Length;
        long[] steps = padded.stride();
        IEnumerable<int> axes = Enumerable.Range(0, rank);
        return padded.as_strided(
            [input.shape[0], input.shape[1], .. window.Kernel, .. window.Output],
            [
                steps[0],
                steps[1],
                .. axes.Select(i => window.Dilations[i] * steps[i + 2]),
                .. axes.Select(i => window.Strides[i] * steps[i + 2]),
            ]
        );
    }

    /// <summary>
    /// The squared norms of the sums over places of outer products: of [rows, groups, values, places] and [rows, groups, outputs, places].
    /// </summary>
    private static Tensor OfProducts(Tensor a, Tensor g)
    {
        (long rows, long groups, long values, long places) = (a.shape[0], a.shape[1], a.shape[2], a.shape[3]);
        long outputs = g.shape[2];
        bool byPlaces = places * (values + outputs) < values * outputs;
        long size = groups * (byPlaces ? 2 * places * places : values * outputs),
            each = Math.Clamp(ChunkValues / size, 1, rows);
        Tensor squares = torch.empty(rows, device: a.device);
        for (long start = 0; start < rows; start += each)
        {
            using IDisposable scope = torch.NewDisposeScope();
            long count = Math.Min(each, rows - start);
            Tensor x = a.narrow(0, start, count),
                y = g.narrow(0, start, count);
            Tensor part = byPlaces
                ? x.transpose(2, 3).matmul(x).mul_(y.transpose(2, 3).matmul(y)).sum([1, 2, 3])
                : SquareSum(y.matmul(x.transpose(2, 3)));
            squares.narrow(0, start, count).copy_(part);
        }
        return squares;
    }

    /// <summary>The squared norms of gradients that are summed over the dimensions that a parameter is repeated along.</summary>
    private static Tensor OfRepeated(Tensor gradient, ParameterUse use, long rows)
    {
        long[] sizes = gradient.shape[1..];
        Tensor g = gradient.reshape([rows, gradient.shape[0] / rows, .. sizes]);
        return SquareSum(g.sum(use.RepeatedAxes(sizes)));
    }

    private static Tensor SquareSum(Tensor values) => values.reshape(values.shape[0], -1).square().sum(1);
}
