using MLNetExtensions.Onnx.Operators;

namespace MLNetExtensions.TorchSharp;

/// <summary>
/// The backward pass of a graph in several calls of libtorch, so that a token can end it between them. Autograd goes back in the order in
/// which the forward pass made its operators; where the graph is cut, it goes on with the gradients of the values that are live there. The
/// gradients are those of one call, bit for bit.
/// </summary>
internal sealed class SegmentedBackward
{
    private const int Segments = 10;

    /// <summary>The work of a segment's forward pass: some 20 ms at least, where a call takes 0.1 ms; 0.2 s at most.</summary>
    private const double MinimumWork = 2e8,
        MaximumWork = 2e9;

    private readonly SortedDictionary<int, int[]> _cuts;
    private readonly HashSet<int> _kept;
    private readonly Stack<(Tensor Made, Tensor Read)[]> _values = [];

    private SegmentedBackward(SortedDictionary<int, int[]> cuts)
    {
        _cuts = cuts;
        _kept = [.. cuts.Values.SelectMany(slots => slots)];
    }

    /// <summary>Cuts a graph into segments of about the same work.</summary>
    /// <param name="instructions">The graph, in order.</param>
    /// <param name="lowered">Its types.</param>
    /// <param name="trainable">The slots of its trainable parameters.</param>
    /// <param name="output">The slot of its output.</param>
    /// <returns>Null where one call is short enough.</returns>
    public static SegmentedBackward? Create(
        IReadOnlyList<Instruction> instructions,
        LoweredGraph lowered,
        IReadOnlySet<int> trainable,
        int output
    )
    {
        double[] work = [.. instructions.Select(i => NodeWork.Of(i.Node, lowered))];
        double each = Math.Clamp(work.Sum() / Segments, MinimumWork, MaximumWork),
            left = work.Sum(),
            sum = 0;
        LiveSlots live = new(instructions, lowered, trainable, output);
        HashSet<int> unfit = GradientLayouts.FindUnlike(instructions, lowered, output);
        // A parameter that both sides read has one gradient.
        unfit.UnionWith(trainable);
        var cuts = new SortedDictionary<int, int[]>();
        for (int i = 0; i < instructions.Count; i++)
        {
            sum += work[i];
            left -= work[i];
            if (sum < each || left < each / 2)
                continue;
            int[] slots = live.After(i);
            // Where several values are live, one that is alone may come soon.
            if ((slots.Length > 1 && sum < 1.5 * each) || slots.Any(unfit.Contains))
                continue;
            if (slots.Length > 0)
                cuts.Add(i, slots);
            sum = 0;
        }
        return cuts.Count == 0 ? null : new SegmentedBackward(cuts);
    }

    /// <summary>True if the tensor in a slot is needed until the backward pass.</summary>
    public bool Keeps(int slot) => _kept.Contains(slot);

    /// <summary>Forgets the values of an earlier pass.</summary>
    public void Begin() => _values.Clear();

    /// <summary>Cuts the live values off what made them, where a segment ends.</summary>
    /// <param name="instruction">The instruction of the forward pass that has just run.</param>
    /// <param name="slots">Its values; those that are cut are replaced by leaves.</param>
    public void Cut(int instruction, Tensor?[] slots)
    {
        if (!_cuts.TryGetValue(instruction, out int[]? live))
            return;
        var values = new List<(Tensor Made, Tensor Read)>();
        foreach (int slot in live)
        {
            if (slots[slot] is not { requires_grad: true } made)
                continue;
            Tensor read = made.detach().requires_grad_();
            values.Add((made, read));
            slots[slot] = read;
        }
        if (values.Count > 0)
            _values.Push([.. values]);
    }

    /// <summary>Adds the gradients of a loss to the parameters' gradients.</summary>
    /// <param name="loss">The loss of the graph's output.</param>
    /// <param name="cancellationToken">Ends the pass between two segments; some gradients have been added to then.</param>
    /// <exception cref="OperationCanceledException">The token was canceled.</exception>
    public void Run(Tensor loss, CancellationToken cancellationToken)
    {
        loss.backward();
        while (_values.TryPop(out (Tensor Made, Tensor Read)[]? values))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var made = new List<Tensor>();
            var gradients = new List<Tensor>();
            foreach ((Tensor value, Tensor read) in values)
            {
                if (read.grad is not { } gradient)
                    continue;
                made.Add(value);
                gradients.Add(gradient);
            }
            if (made.Count > 0)
                torch.autograd.backward(made, gradients);
            // Gone as early as autograd's own. A leaf is what an earlier cut made, whose turn comes.
            foreach ((Tensor value, Tensor read) in values)
            {
                if (!value.is_leaf)
                    value.Dispose();
                read.Dispose();
            }
            gradients.ForEach(g => g.Dispose());
        }
    }
}
