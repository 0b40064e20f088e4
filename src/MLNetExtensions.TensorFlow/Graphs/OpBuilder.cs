using System.Text;
using Google.Protobuf;
using MLNetExtensions.TensorFlow.Proto;

namespace MLNetExtensions.TensorFlow.Graphs;

/// <summary>
/// One op to be added: inputs in the op's order, then attributes, then <see cref="Finish"/>. The native description is only made there, so
/// that an exception on the way leaves nothing behind.
/// </summary>
internal sealed unsafe class OpBuilder(TensorFlowGraph graph, string type)
{
    private readonly List<Action<IntPtr>> _steps = [];
    private string? _name,
        _device;

    /// <summary>The next input.</summary>
    public OpBuilder Input(Symbol value) => Then(op => NativeMethods.TF_AddInput(op, value.Output));

    /// <summary>The next input, which is a list.</summary>
    public OpBuilder Inputs(IEnumerable<Symbol> values)
    {
        Output[] outputs = [.. values.Select(v => v.Output)];
        return Then(op =>
        {
            fixed (Output* first = outputs)
                NativeMethods.TF_AddInputList(op, first, outputs.Length);
        });
    }

    /// <summary>An op that must have run before.</summary>
    public OpBuilder After(IntPtr operation) => Then(op => NativeMethods.TF_AddControlInput(op, operation));

    /// <summary>The op's whole name, without the graph's scope.</summary>
    public OpBuilder Named(string name)
    {
        _name = name;
        return this;
    }

    /// <summary>The device to run on, as <c>/job:worker/task:1</c>.</summary>
    public OpBuilder On(string device)
    {
        _device = device;
        return this;
    }

    public OpBuilder Set(string name, DataType value) => Then(op => NativeMethods.TF_SetAttrType(op, name, value));

    public OpBuilder Set(string name, bool value) => Then(op => NativeMethods.TF_SetAttrBool(op, name, value ? (byte)1 : (byte)0));

    public OpBuilder Set(string name, long value) => Then(op => NativeMethods.TF_SetAttrInt(op, name, value));

    public OpBuilder Set(string name, float value) => Then(op => NativeMethods.TF_SetAttrFloat(op, name, value));

    public OpBuilder Set(string name, string value)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(value);
        return Then(op =>
        {
            fixed (byte* first = bytes)
                NativeMethods.TF_SetAttrString(op, name, first, (nuint)bytes.Length);
        });
    }

    public OpBuilder Set(string name, long[] values) =>
        Then(op =>
        {
            fixed (long* first = values)
                NativeMethods.TF_SetAttrIntList(op, name, first, values.Length);
        });

    public OpBuilder Set(string name, DataType[] values) =>
        Then(op =>
        {
            fixed (DataType* first = values)
                NativeMethods.TF_SetAttrTypeList(op, name, first, values.Length);
        });

    public OpBuilder SetShape(string name, long[] sizes) =>
        Then(op =>
        {
            fixed (long* first = sizes)
                NativeMethods.TF_SetAttrShape(op, name, first, sizes.Length);
        });

    public OpBuilder Set(string name, Tensor value) =>
        Then(op =>
        {
            using var status = new Status();
            NativeMethods.TF_SetAttrTensor(op, name, value.Native, status.Handle);
            status.Check($"Attribute '{name}' of {type}");
            GC.KeepAlive(value);
        });

    /// <summary>A tensor of texts.</summary>
    /// <param name="name">The attribute's name.</param>
    /// <param name="values">The texts.</param>
    /// <param name="isList">True if they are a list and not, there being one, a single text.</param>
    public OpBuilder Set(string name, IReadOnlyList<string> values, bool isList)
    {
        var tensor = new TensorProto { Dtype = (int)DataType.String, TensorShape = new TensorShapeProto() };
        if (isList)
            tensor.TensorShape.Dim.Add(new TensorShapeProto.Types.Dim { Size = values.Count });
        tensor.StringVal.AddRange(values.Select(ByteString.CopyFromUtf8));
        byte[] bytes = new AttrValue { Tensor = tensor }.ToByteArray();
        return Then(op =>
        {
            using var status = new Status();
            fixed (byte* first = bytes)
                NativeMethods.TF_SetAttrValueProto(op, name, first, (nuint)bytes.Length, status.Handle);
            status.Check($"Attribute '{name}' of {type}");
        });
    }

    /// <summary>Adds the op.</summary>
    /// <returns>The operation, for control inputs and targets.</returns>
    /// <exception cref="TensorFlowException">TensorFlow refuses it: shapes or types do not fit, or it has no such op.</exception>
    public IntPtr Finish()
    {
        string name = _name ?? graph.NextName(type);
        IntPtr description = NativeMethods.TF_NewOperation(graph.Handle, type, name);
        Exception? failure = null;
        if ((_device ?? graph.Device) is { Length: > 0 } device)
            NativeMethods.TF_SetDevice(description, device);
        foreach (Action<IntPtr> step in _steps)
        {
            try
            {
                step(description);
            }
            catch (TensorFlowException error)
            {
                // Only finishing frees the description.
                failure = error;
                break;
            }
        }
        using var status = new Status();
        IntPtr operation = NativeMethods.TF_FinishOperation(description, status.Handle);
        if (failure is not null)
            throw failure;
        status.Check($"Op {type} '{name}'");
        return operation;
    }

    /// <summary>Adds the op and gives its first output.</summary>
    public Symbol Output() => new(graph, new Output(Finish(), 0));

    /// <summary>Adds the op and gives all outputs.</summary>
    public Symbol[] Outputs()
    {
        IntPtr operation = Finish();
        return
        [
            .. Enumerable
                .Range(0, NativeMethods.TF_OperationNumOutputs(operation))
                .Select(i => new Symbol(graph, new Output(operation, i))),
        ];
    }

    private OpBuilder Then(Action<IntPtr> step)
    {
        _steps.Add(step);
        return this;
    }
}
