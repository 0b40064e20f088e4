using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Operators;

namespace MLNetExtensions.TensorFlow.Ops;

/// <summary>
/// The context of an op's <c>static OpResult[] Compile(OpCompilation op)</c>, which takes the inputs in the layout it wants, adds
/// TensorFlow ops, and returns the outputs. TensorFlow computes images channels-last on the CPU, so values may be held in that layout;
/// conversions are added where two ops want different ones.
/// </summary>
internal sealed class OpCompilation(
    OnnxNode node,
    LoweredGraph lowered,
    IReadOnlySet<string> variables,
    IReadOnlySet<string> read,
    ProgramValues values,
    PassKind pass
) : OpNode(node, lowered, variables, read)
{
    private readonly List<Symbol> _inputs = [];

    /// <summary>The graph that ops are added to.</summary>
    public TensorFlowGraph Graph => values.Graph;

    /// <summary>The kind of pass being compiled.</summary>
    public PassKind Pass => pass;

    /// <summary>The inputs handed out so far, which the outputs are taken to depend on.</summary>
    public IReadOnlyList<Symbol> Inputs => _inputs;

    /// <summary>
    /// True if the kernel recorded its steps on the tape itself, with <see cref="Step"/> and <see cref="Derive"/>. Otherwise the gradients
    /// come from TensorFlow's registry.
    /// </summary>
    public bool HasSteps { get; private set; }

    /// <summary>Notes a step with a way back of its own; from there on the kernel notes all of its steps.</summary>
    public Symbol Step(IReadOnlyList<Symbol> inputs, Symbol output, StepGradient? gradient = null)
    {
        HasSteps = true;
        values.Tape.Record(Node.Name, inputs, [output], gradient);
        return output;
    }

    /// <summary>The same for a step of several results.</summary>
    public Symbol[] StepToMany(IReadOnlyList<Symbol> inputs, Symbol[] outputs, StepGradient? gradient = null)
    {
        HasSteps = true;
        values.Tape.Record(Node.Name, inputs, outputs, gradient);
        return outputs;
    }

    /// <summary>Notes a step of one value to another that TensorFlow's registry can derive.</summary>
    public Symbol Derive(Symbol x, Func<Symbol, Symbol> function) => Step([x], function(x));

    /// <summary>Marks this node as not differentiable: its outputs change in jumps.</summary>
    public void NoGradient() => HasSteps = true;

    /// <summary>Sets the new running statistics of a BatchNorm.</summary>
    public void UpdateState(int input, Symbol value) => values.UpdateState(Node.Inputs[input], value);

    /// <summary>An input in ONNX's layout.</summary>
    public Symbol Input(int index) => Take(values.ChannelsFirst(Node.Inputs[index]));

    /// <summary>An input of three or more dimensions with its channels last.</summary>
    public Symbol ChannelsLast(int index) => Take(values.ChannelsLast(Node.Inputs[index]));

    /// <summary>An input in the layout it has.</summary>
    public Symbol AnyLayout(int index, out bool channelsLast)
    {
        channelsLast = values.IsChannelsLast(Node.Inputs[index]);
        return channelsLast ? ChannelsLast(index) : Input(index);
    }

    /// <summary>A 2-D convolution's weights as [height, width, input, output].</summary>
    public Symbol Kernel(int index) => Take(values.Kernel(Node.Inputs[index]));

    /// <summary>
    /// All inputs of an element-wise op in one layout: channels-last where one of the largest rank is held so. Those of lower rank then get
    /// leading dimensions of size 1, as broadcasting gives them, and go along.
    /// </summary>
    public Symbol[] SameLayout(out bool channelsLast)
    {
        int[] ranks = [.. Enumerable.Range(0, Node.Inputs.Count).Select(i => InputType(i).Shape.Length)];
        int rank = ranks.Max();
        channelsLast = rank >= 3 && Enumerable.Range(0, ranks.Length).Any(i => ranks[i] == rank && values.IsChannelsLast(Node.Inputs[i]));
        var result = new Symbol[ranks.Length];
        for (int i = 0; i < result.Length; i++)
            result[i] =
                !channelsLast || InputType(i).Count == 1 && ranks[i] < rank ? Input(i)
                : ranks[i] == rank ? ChannelsLast(i)
                : Spread(i, rank);
        return result;
    }

    /// <summary>An input of lower rank as one with its channels last.</summary>
    private Symbol Spread(int index, int rank)
    {
        Symbol x = values.ChannelsFirst(Node.Inputs[index]);
        long[] shape = [.. Enumerable.Repeat(1L, rank - x.Rank), .. x.Shape],
            moved = [shape[0], .. shape[2..], shape[1]];
        Symbol first = Graph.Reshape(x, shape);
        // Mostly a value for each channel, which only needs another shape.
        Symbol last =
            shape.Count(size => size != 1) <= 1
                ? Graph.Reshape(x, moved)
                : Graph.Transpose(first, [0, .. Enumerable.Range(2, rank - 2).Select(axis => (long)axis), 1]);
        values.Tape.Record(Node.Name, [x], [last]);
        return Take(last);
    }

    /// <summary>A number from 0 to 1 for each element, other ones at each step.</summary>
    public Symbol RandomUniform(ReadOnlySpan<long> shape) => values.RandomUniform(shape);

    /// <summary>A convolution's or product's operand in the type it computes in. The kernel notes its steps.</summary>
    public Symbol ToCompute(Symbol x) =>
        x.Type == DataType.Float && pass.ComputeType != DataType.Float ? Derive(x, v => Graph.Cast(v, pass.ComputeType)) : x;

    /// <summary>The operand of an op that needs 32 bits. The kernel must not note steps itself.</summary>
    public Symbol ToFloat32(Symbol x) => IsNarrow(x.Type) ? Graph.Cast(x, DataType.Float) : x;

    /// <summary>True if a 16-bit type carries 32-bit values between kernels. A model's own 16-bit floats keep their type.</summary>
    public bool IsNarrow(DataType type) => type == DataType.BFloat16 || type == DataType.Half && pass.ComputeType == DataType.Half;

    /// <summary>
    /// A border around a value; pads before and after each axis in pairs, negative ones crop. The kernel notes its steps.
    /// </summary>
    public Symbol Pad(Symbol x, (long Before, long After)[] pads, double value = 0)
    {
        if (Array.TrueForAll(pads, p => p == (0, 0)))
            return x;
        long[] shape = x.Shape;
        Symbol grown = x;
        if (Array.Exists(pads, p => p.Before > 0 || p.After > 0))
        {
            (long Before, long After)[] growth = [.. pads.Select(p => (Math.Max(0, p.Before), Math.Max(0, p.After)))];
            grown = Step(
                [x],
                Graph.Pad(x, growth, value),
                outputs => [Graph.Slice(outputs[0]!.Value, [.. growth.Select(p => p.Item1)], shape)]
            );
        }
        if (Array.Exists(pads, p => p.Before < 0 || p.After < 0))
        {
            long[] begin = [.. pads.Select(p => Math.Max(0, -p.Before))],
                size = [.. pads.Select((p, axis) => shape[axis] + p.Before + p.After)];
            return Crop(grown, begin, size);
        }
        return grown;
    }

    /// <summary>A part of a value. The kernel notes its steps.</summary>
    public Symbol Crop(Symbol x, long[] begin, long[] size)
    {
        long[] shape = x.Shape;
        if (shape.SequenceEqual(size))
            return x;
        return Step(
            [x],
            Graph.Slice(x, begin, size),
            outputs => [Graph.Pad(outputs[0]!.Value, [.. begin.Select((b, axis) => (b, shape[axis] - b - size[axis]))])]
        );
    }

    /// <summary>A range along one axis. The kernel notes its steps.</summary>
    public Symbol Part(Symbol x, int axis, long start, long length)
    {
        long[] size = x.Shape,
            begin = new long[size.Length];
        (begin[axis], size[axis]) = (start, length);
        return Crop(x, begin, size);
    }

    /// <summary>Every n-th element of a range of each axis. The kernel notes its steps.</summary>
    public Symbol Stride(Symbol x, long[] begin, long[] end, long[] strides)
    {
        long[] shape = x.Shape;
        Symbol Set(OpBuilder builder) => builder.Input(Graph.Int32s(begin)).Input(Graph.Int32s(end)).Input(Graph.Int32s(strides)).Output();
        return Step(
            [x],
            Set(Graph.Op("StridedSlice").Input(x)),
            outputs =>
                [
                    Graph
                        .Op("StridedSliceGrad")
                        .Input(Graph.Int32s(shape))
                        .Input(Graph.Int32s(begin))
                        .Input(Graph.Int32s(end))
                        .Input(Graph.Int32s(strides))
                        .Input(outputs[0]!.Value)
                        .Output(),
                ]
        );
    }

    /// <summary>
    /// A convolution's kernel with zeros between its elements, which is what a dilation does. The kernel notes its steps.
    /// </summary>
    public Symbol Stretch(Symbol kernel, long[] dilations)
    {
        long[] shape = kernel.Shape;
        int rank = dilations.Length;
        long[] apart = [.. dilations.SelectMany((_, i) => new[] { shape[i], 1 }), .. shape[rank..]];
        (long, long)[] zeros = [.. dilations.SelectMany(d => new[] { (0L, 0L), (0L, d - 1) }), .. shape[rank..].Select(_ => (0L, 0L))];
        long[] together = [.. dilations.Select((d, i) => shape[i] * d), .. shape[rank..]],
            size = [.. dilations.Select((d, i) => (shape[i] - 1) * d + 1), .. shape[rank..]];
        return Crop(this.Reshape(Pad(this.Reshape(kernel, apart), zeros), together), new long[together.Length], size);
    }

    /// <summary>A value for each channel added, with the channels last. The kernel notes its steps.</summary>
    public Symbol BiasAdd(Symbol x, Symbol bias)
    {
        if (bias.Type != x.Type)
            bias = Derive(bias, v => Graph.Cast(v, x.Type));
        return Step(
            [x, bias],
            Graph.Op("BiasAdd").Input(x).Input(bias).Output(),
            outputs => [outputs[0], IsWatched(bias) ? Graph.Op("BiasAddGrad").Input(outputs[0]!.Value).Output() : null]
        );
    }

    /// <summary>True if a gradient with respect to the value is needed.</summary>
    public bool IsWatched(Symbol value) => values.Tape.IsWatched(value);

    /// <summary>
    /// TensorFlow's registry derives a node's output by all it was computed from. Where one input was itself computed from another (a
    /// recurrent weight and the state that it led to), it would count that way twice: an op without a gradient in between ends it.
    /// </summary>
    private Symbol Take(Symbol value)
    {
        Tape tape = values.Tape;
        if (
            tape.IsWatched(value)
            && _inputs.Exists(other =>
                other != value && tape.IsWatched(other) && (tape.DependsOn(value, other) || tape.DependsOn(other, value))
            )
        )
        {
            Symbol source = value;
            value = Graph.StopGradient(source);
            tape.Record(Node.Name, [source], [value], outputs => [outputs[0]]);
        }
        _inputs.Add(value);
        return value;
    }
}
