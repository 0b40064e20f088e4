using System.Text.RegularExpressions;
using MLNetExtensions.Onnx;

namespace MLNetExtensions.TensorFlow.Graphs;

/// <summary>A TF_Graph under construction. Names are <c>SCOPE/Type_N</c>, so that an error of a run tells the node of the model.</summary>
internal sealed unsafe partial class TensorFlowGraph : IDisposable
{
    private readonly Dictionary<(double, DataType), Symbol> _scalars = [];
    private readonly Dictionary<OnnxTensor, Symbol> _constants = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<string, Symbol> _int32s = [];
    private string _scope = "";
    private int _names;

    /// <summary>The native graph.</summary>
    public GraphHandle Handle { get; } = NativeMethods.TF_NewGraph();

    /// <summary>The device of ops added from now on; empty leaves it to TensorFlow.</summary>
    public string Device { get; set; } = "";

    /// <summary>Starts an op; see <see cref="OpBuilder"/>.</summary>
    public OpBuilder Op(string type) => new(this, type);

    /// <summary>Names ops added until the result is disposed after something, such as the model's node.</summary>
    public IDisposable Scope(string name)
    {
        string outer = _scope;
        _scope = $"{outer}{ValidName(name)}/";
        if (_scope.StartsWith('/'))
            _scope = "node" + _scope;
        return new ScopeEnd(this, outer);
    }

    /// <summary>A name with other characters in place of those that TensorFlow refuses.</summary>
    public static string ValidName(string name) => InvalidCharacters().Replace(name, "_").TrimStart('_', '-', '/', '\\', '>');

    /// <summary>A name that no op of the graph has.</summary>
    public string NextName(string type) => $"{_scope}{type}_{_names++}";

    /// <summary>The sizes of a value; -1 if one is not known.</summary>
    /// <exception cref="InvalidOperationException">Even the number of dimensions is not known.</exception>
    public long[] ShapeOf(Output output)
    {
        using var status = new Status();
        int rank = NativeMethods.TF_GraphGetTensorNumDims(Handle, output, status.Handle);
        status.Check("The shape of a value");
        if (rank < 0)
            throw new InvalidOperationException($"Output {output.Index} of op '{NameOf(output.Operation)}' has no known rank.");
        var shape = new long[rank];
        fixed (long* sizes = shape)
            NativeMethods.TF_GraphGetTensorShape(Handle, output, sizes, rank, status.Handle);
        status.Check("The shape of a value");
        return shape;
    }

    /// <summary>An operation's name.</summary>
    public static string NameOf(IntPtr operation) =>
        System.Runtime.InteropServices.Marshal.PtrToStringUTF8(NativeMethods.TF_OperationName(operation)) ?? "";

    /// <summary>The gradients of a sum of values by others, as TensorFlow's own registry has them.</summary>
    /// <param name="y">The values.</param>
    /// <param name="x">The values to differentiate by; each must lead to a y.</param>
    /// <param name="dy">The gradients of y.</param>
    /// <exception cref="TensorFlowException">An op in between has no gradient in TensorFlow's C++ registry; the message names
    /// it.</exception>
    public Symbol[] Gradients(Symbol[] y, Symbol[] x, Symbol[] dy)
    {
        Output[] ys = [.. y.Select(s => s.Output)],
            xs = [.. x.Select(s => s.Output)],
            dys = [.. dy.Select(s => s.Output)],
            result = new Output[x.Length];
        using var status = new Status();
        fixed (
            Output* py = ys,
                px = xs,
                pdy = dys,
                presult = result
        )
            NativeMethods.TF_AddGradientsWithPrefix(
                Handle,
                NextName("gradients"),
                py,
                ys.Length,
                px,
                xs.Length,
                pdy,
                status.Handle,
                presult
            );
        status.Check($"The gradient of '{NameOf(ys[0].Operation)}'");
        // The registry's gradients are of shapes computed at run time; a gradient has its value's.
        for (int i = 0; i < x.Length; i++)
        {
            long[] shape = x[i].Shape;
            fixed (long* sizes = shape)
                NativeMethods.TF_GraphSetTensorShape(Handle, result[i], sizes, shape.Length, status.Handle);
            status.Check($"The shape of the gradient of '{NameOf(xs[i].Operation)}'");
        }
        return [.. result.Select(o => new Symbol(this, o))];
    }

    /// <summary>A value given at each run.</summary>
    public Symbol Placeholder(DataType type, params long[] shape) => Op("Placeholder").Set("dtype", type).SetShape("shape", shape).Output();

    /// <summary>A constant.</summary>
    public Symbol Constant(Tensor value) => Op("Const").Set("dtype", value.Type).Set("value", value).Output();

    /// <summary>A constant of values in C order.</summary>
    public Symbol Constant(ReadOnlySpan<float> values, params long[] shape)
    {
        using Tensor tensor = Tensor.Of(DataType.Float, shape, values);
        return Constant(tensor);
    }

    /// <summary>A constant list of 64-bit integers, or any shape of them.</summary>
    public Symbol Constant(ReadOnlySpan<long> values, params long[] shape)
    {
        using Tensor tensor = Tensor.Of(DataType.Int64, shape, values);
        return Constant(tensor);
    }

    /// <summary>
    /// A constant list of 32-bit integers, which TensorFlow wants for shapes, axes and permutations. Equal lists are one op.
    /// </summary>
    public Symbol Int32s(params ReadOnlySpan<long> values)
    {
        int[] narrow = new int[values.Length];
        for (int i = 0; i < narrow.Length; i++)
            narrow[i] = checked((int)values[i]);
        string key = string.Join(',', narrow);
        if (!_int32s.TryGetValue(key, out Symbol symbol))
        {
            using Tensor tensor = Tensor.Of<int>(DataType.Int32, [narrow.Length], narrow);
            _int32s[key] = symbol = Constant(tensor);
        }
        return symbol;
    }

    /// <summary>A constant 32-bit integer.</summary>
    public Symbol Int32(long value)
    {
        using Tensor tensor = Tensor.Of<int>(DataType.Int32, [], [checked((int)value)]);
        return Constant(tensor);
    }

    /// <summary>A constant number. Equal ones are one op.</summary>
    public Symbol Scalar(double value, DataType type)
    {
        if (_scalars.TryGetValue((value, type), out Symbol symbol))
            return symbol;
        using Tensor tensor = type switch
        {
            DataType.Float => Tensor.Of<float>(type, [], [(float)value]),
            DataType.Double => Tensor.Of<double>(type, [], [value]),
            DataType.Half => Tensor.Of<Half>(type, [], [(Half)value]),
            DataType.BFloat16 => Tensor.Of<ushort>(type, [], [(ushort)(BitConverter.SingleToUInt32Bits((float)value) + 0x8000 >> 16)]),
            DataType.Int64 => Tensor.Of<long>(type, [], [(long)value]),
            DataType.Int32 => Tensor.Of<int>(type, [], [(int)value]),
            DataType.Int16 => Tensor.Of<short>(type, [], [(short)value]),
            DataType.Int8 => Tensor.Of<sbyte>(type, [], [(sbyte)value]),
            DataType.UInt8 => Tensor.Of<byte>(type, [], [(byte)value]),
            DataType.UInt16 => Tensor.Of<ushort>(type, [], [(ushort)value]),
            DataType.UInt32 => Tensor.Of<uint>(type, [], [(uint)value]),
            DataType.UInt64 => Tensor.Of<ulong>(type, [], [(ulong)value]),
            DataType.Bool => Tensor.Of<byte>(type, [], [value != 0 ? (byte)1 : (byte)0]),
            _ => throw new NotSupportedException($"A number of type {type}."),
        };
        return _scalars[(value, type)] = Constant(tensor);
    }

    /// <summary>A constant text, or list of texts.</summary>
    public Symbol Texts(bool isList, params IReadOnlyList<string> values) =>
        Op("Const").Set("dtype", DataType.String).Set("value", values, isList).Output();

    /// <summary>An initializer that never changes; the same object is one op.</summary>
    public Symbol Constant(OnnxTensor initializer)
    {
        if (_constants.TryGetValue(initializer, out Symbol symbol))
            return symbol;
        using Tensor tensor = Tensor.Of(initializer);
        return _constants[initializer] = Constant(tensor);
    }

    public void Dispose() => Handle.Dispose();

    [GeneratedRegex(@"[^A-Za-z0-9._\\/-]")]
    private static partial Regex InvalidCharacters();

    private sealed class ScopeEnd(TensorFlowGraph graph, string outer) : IDisposable
    {
        public void Dispose() => graph._scope = outer;
    }
}
