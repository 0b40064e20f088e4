using Google.Protobuf;
using MLNetExtensions.Onnx;
using MLNetExtensions.Onnx.Proto;

namespace MLNetExtensions.UnseenModels;

internal sealed partial class ModelDraft
{
    /// <summary>A layer's matrix or kernels, of a variance that keeps the size of activations (He).</summary>
    /// <param name="layer">The layer's name.</param>
    /// <param name="fanIn">The number of values that one output is summed of.</param>
    /// <param name="shape">The shape.</param>
    public string Kernel(string layer, int fanIn, params long[] shape) =>
        Weight(WeightName(layer, "weight"), shape, Draw(shape, 0, Math.Sqrt(2.0 / fanIn)));

    /// <summary>A vector of drawn values.</summary>
    public string Vector(string layer, string part, int size, double mean, double deviation) =>
        Weight(WeightName(layer, part), [size], Draw([size], mean, deviation));

    /// <summary>A drawn tensor.</summary>
    public string Tensor(string layer, string part, double deviation, params long[] shape) =>
        Weight(WeightName(layer, part), shape, Draw(shape, 0, deviation));

    /// <summary>Puts a weight where the style says.</summary>
    public string Weight(string name, long[] shape, float[] values)
    {
        name = Unused(name);
        switch (Weights)
        {
            case WeightStyle.ConstantNode:
                NodeProto constant = new() { OpType = "Constant", Name = name };
                constant.Output.Add(name);
                constant.Attribute.Add(OnnxAttribute.Of("value", Typed("", shape, values, Float)).Proto);
                _graph.Node.Add(constant);
                return name;
            case WeightStyle.Identity:
                return Node("Identity", [Initializer(Typed(Unused(name + "_shared"), shape, values, Float))]);
            case WeightStyle.Transposed when shape.Length > 1:
                return Node(
                    "Transpose",
                    [Initializer(Typed(name, [.. shape.Reverse()], Transpose(values, shape), Float))],
                    OnnxAttribute.Of("perm", [.. Enumerable.Range(0, shape.Length).Reverse().Select(i => (long)i)])
                );
            case WeightStyle.Double:
                return Node(
                    "Cast",
                    [Initializer(Typed(name, shape, values, OnnxElementType.Double))],
                    OnnxAttribute.Of("to", (long)OnnxElementType.Float)
                );
            case WeightStyle.Half:
                return Node(
                    "Cast",
                    [Initializer(Typed(name, shape, values, OnnxElementType.Float16))],
                    OnnxAttribute.Of("to", (long)OnnxElementType.Float)
                );
            case WeightStyle.Dequantized when shape.Length > 1:
                (sbyte[] whole, float[] scales) = Quantize(values, (int)shape[0]);
                return Node(
                    "DequantizeLinear",
                    [
                        Initializer(OnnxTensor.FromArray(name + "_quantized", OnnxElementType.Int8, shape, whole)),
                        Initializer(OnnxTensor.FromFloats(name + "_scale", [shape[0]], scales)),
                        Initializer(OnnxTensor.FromArray(name + "_zero_point", OnnxElementType.Int8, [shape[0]], new sbyte[shape[0]])),
                    ],
                    OnnxAttribute.Of("axis", 0L)
                );
            case WeightStyle.Sparse when shape.Length > 1:
                AppendSparse(name, shape, values);
                return name;
            case WeightStyle.External:
                AddExternal(name, shape, values);
                return name;
            default:
                return Initializer(Typed(name, shape, values, Float));
        }
    }

    /// <summary>Values of a normal distribution.</summary>
    public float[] Draw(long[] shape, double mean, double deviation) =>
        [.. Enumerable.Range(0, (int)shape.Aggregate(1L, (a, b) => a * b)).Select(_ => (float)(mean + (deviation * Normal())))];

    /// <summary>Values as signed 8-bit whole numbers with a scale for each of the first dimension's slices.</summary>
    public static (sbyte[] Whole, float[] Scales) Quantize(float[] values, int slices)
    {
        float[] scales = [.. values.Chunk(values.Length / slices).Select(slice => slice.Max(MathF.Abs) / 127)];
        return ([.. values.Select((v, i) => (sbyte)MathF.Round(v / scales[i / (values.Length / slices)]))], scales);
    }

    private double Normal() => Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble())) * Math.Cos(2 * Math.PI * _random.NextDouble());

    private static OnnxTensor Typed(string name, long[] shape, float[] values, OnnxElementType type) =>
        type switch
        {
            OnnxElementType.Float16 => OnnxTensor.FromArray(name, type, shape, [.. values.Select(v => (Half)v)]),
            OnnxElementType.Double => OnnxTensor.FromArray(name, type, shape, [.. values.Select(v => (double)v)]),
            _ => OnnxTensor.FromFloats(name, shape, values),
        };

    private static float[] Transpose(float[] values, long[] shape)
    {
        var result = new float[values.Length];
        for (int i = 0; i < values.Length; i++)
        {
            long rest = i,
                target = 0,
                size = 1;
            var index = new long[shape.Length];
            for (int axis = shape.Length - 1; axis >= 0; axis--)
                (index[axis], rest) = (rest % shape[axis], rest / shape[axis]);
            for (int axis = 0; axis < shape.Length; size *= shape[axis++])
                target += index[axis] * size;
            result[target] = values[i];
        }
        return result;
    }

    private void AddExternal(string name, long[] shape, float[] values)
    {
        byte[] bytes = Typed(name, shape, values, Float).RawData.ToArray();
        var tensor = new TensorProto
        {
            Name = name,
            DataType = (int)Float,
            DataLocation = TensorProto.Types.DataLocation.External,
        };
        tensor.Dims.AddRange(shape);
        foreach (
            (string key, string value) in new[]
            {
                ("location", ExternalFile),
                ("offset", $"{_external.Length}"),
                ("length", $"{bytes.Length}"),
            }
        )
            tensor.ExternalData.Add(new StringStringEntryProto { Key = key, Value = value });
        _external.Write(bytes);
        _graph.Initializer.Add(tensor);
    }

    // SparseTensorProto: values = 1 (named like the tensor), indices = 2, dims = 3. It is field 15 of the graph, which is field 7 of the
    // model.
    private void AppendSparse(string name, long[] shape, float[] values)
    {
        (float Value, long Index)[] kept = [.. values.Select((v, i) => (v, (long)i)).Where((_, i) => i % 3 != 0)];
        TensorProto numbers = OnnxWriter.WriteTensor(OnnxTensor.FromFloats(name, [kept.Length], [.. kept.Select(k => k.Value)]));
        TensorProto indices = OnnxWriter.WriteTensor(OnnxTensor.FromInt64s("", [kept.Length], [.. kept.Select(k => k.Index)]));
        byte[] sparse = [.. Field(1, numbers.ToByteArray()), .. Field(2, indices.ToByteArray()), .. shape.SelectMany(s => Varint(3, s))];
        Append(Field(7, Field(15, sparse)));
    }

    /// <summary>A field of a protobuf message: bytes, text or a message.</summary>
    public static byte[] Field(int number, byte[] content) =>
        Written(o =>
        {
            o.WriteTag(number, WireFormat.WireType.LengthDelimited);
            o.WriteBytes(ByteString.CopyFrom(content));
        });

    /// <summary>A field of a protobuf message: a whole number.</summary>
    public static byte[] Varint(int number, long value) =>
        Written(o =>
        {
            o.WriteTag(number, WireFormat.WireType.Varint);
            o.WriteInt64(value);
        });

    private static byte[] Written(Action<CodedOutputStream> write)
    {
        using var stream = new MemoryStream();
        using (var output = new CodedOutputStream(stream, leaveOpen: true))
            write(output);
        return stream.ToArray();
    }
}
