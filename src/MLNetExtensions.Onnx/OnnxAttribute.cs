using Google.Protobuf;
using MLNetExtensions.Onnx.Proto;

namespace MLNetExtensions.Onnx;

/// <summary>An attribute of a node, exactly as the file gives it.</summary>
public sealed class OnnxAttribute
{
    internal OnnxAttribute(AttributeProto proto) => Proto = proto;

    /// <summary>The attribute's name.</summary>
    public string Name => Proto.Name;

    /// <summary>
    /// The value as a .NET object: long, float, string, long[], float[], string[], <see cref="OnnxTensor"/>, or null for others (graphs,
    /// types).
    /// </summary>
    public object? Value =>
        Proto.Type switch
        {
            AttributeProto.Types.AttributeType.Int => Proto.I,
            AttributeProto.Types.AttributeType.Float => Proto.F,
            AttributeProto.Types.AttributeType.String => Proto.S.ToStringUtf8(),
            AttributeProto.Types.AttributeType.Ints => Proto.Ints.ToArray(),
            AttributeProto.Types.AttributeType.Floats => Proto.Floats.ToArray(),
            AttributeProto.Types.AttributeType.Strings => Proto.Strings.Select(s => s.ToStringUtf8()).ToArray(),
            AttributeProto.Types.AttributeType.Tensor when Proto.T is not null => OnnxReader.ReadTensor(Proto.T, folder: null),
            AttributeProto.Types.AttributeType.SparseTensor when Proto.SparseTensor is not null => SparseTensor.ToDense(
                Proto.SparseTensor,
                tensor => OnnxReader.ReadTensor(tensor, folder: null)
            ),
            _ => null,
        };

    internal AttributeProto Proto { get; }

    /// <summary>Makes an integer attribute.</summary>
    public static OnnxAttribute Of(string name, long value) =>
        new(
            new AttributeProto
            {
                Name = name,
                I = value,
                Type = AttributeProto.Types.AttributeType.Int,
            }
        );

    /// <summary>Makes a float attribute.</summary>
    public static OnnxAttribute Of(string name, float value) =>
        new(
            new AttributeProto
            {
                Name = name,
                F = value,
                Type = AttributeProto.Types.AttributeType.Float,
            }
        );

    /// <summary>Makes a text attribute.</summary>
    public static OnnxAttribute Of(string name, string value) =>
        new(
            new AttributeProto
            {
                Name = name,
                S = ByteString.CopyFromUtf8(value),
                Type = AttributeProto.Types.AttributeType.String,
            }
        );

    /// <summary>Makes an attribute that is a list of integers.</summary>
    public static OnnxAttribute Of(string name, params long[] values)
    {
        var proto = new AttributeProto { Name = name, Type = AttributeProto.Types.AttributeType.Ints };
        proto.Ints.AddRange(values);
        return new OnnxAttribute(proto);
    }

    /// <summary>Makes an attribute that is a list of floats.</summary>
    public static OnnxAttribute Of(string name, params float[] values)
    {
        var proto = new AttributeProto { Name = name, Type = AttributeProto.Types.AttributeType.Floats };
        proto.Floats.AddRange(values);
        return new OnnxAttribute(proto);
    }

    /// <summary>Makes an attribute that is a list of texts.</summary>
    public static OnnxAttribute Of(string name, params string[] values)
    {
        var proto = new AttributeProto { Name = name, Type = AttributeProto.Types.AttributeType.Strings };
        proto.Strings.AddRange(values.Select(ByteString.CopyFromUtf8));
        return new OnnxAttribute(proto);
    }

    /// <summary>Makes a tensor attribute.</summary>
    public static OnnxAttribute Of(string name, OnnxTensor value) =>
        new(
            new AttributeProto
            {
                Name = name,
                T = OnnxWriter.WriteTensor(value),
                Type = AttributeProto.Types.AttributeType.Tensor,
            }
        );

    /// <inheritdoc/>
    public override string ToString() => $"{Name}={Value}";
}
