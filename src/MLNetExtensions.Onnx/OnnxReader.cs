using System.Runtime.InteropServices;
using Google.Protobuf;
using MLNetExtensions.Onnx.Proto;

namespace MLNetExtensions.Onnx;

/// <summary>Reads an <see cref="OnnxGraph"/> from the file's messages.</summary>
internal static class OnnxReader
{
    // Newer opsets than those that are known may be scored; one of a damaged file is seldom near.
    private const int MaxOpset = 1000;

    public static OnnxGraph ReadFile(string path)
    {
        if (Directory.Exists(path))
            throw new FileNotFoundException(
                $"'{path}' is a folder, expected an ONNX file. A TensorFlow SavedModel is read with TensorFlowModel.ReadSavedModel of "
                    + $"the package MLNetExtensions.TensorFlow.",
                path
            );
        if (!File.Exists(path))
            throw new FileNotFoundException($"There is no ONNX file at '{Path.GetFullPath(path)}'.", path);
        if (LinkedFile.Follow(path).Length > int.MaxValue)
            throw new OnnxFormatException(
                $"'{path}' is over 2 GB, the most one ONNX file can hold. Export it with external data (onnx.save_model(..., "
                    + $"save_as_external_data=True))."
            );
        using FileStream stream = File.OpenRead(path);
        var folder = new ExternalDataFolder(path);
        return Read(stream, $"'{Path.GetFullPath(path)}'", tensor => ReadTensor(tensor, folder));
    }

    public static OnnxGraph ReadStream(Stream stream) => Read(stream, "the stream", tensor => ReadTensor(tensor, folder: null));

    /// <summary>
    /// Reads a model from which <see cref="GraphOutline"/> has left out tensors' data: those tensors have a type and a shape only.
    /// </summary>
    public static OnnxGraph ReadOutline(byte[] outline, string source) =>
        Read(new MemoryStream(outline, writable: false), source, GraphOutline.ReadTensor);

    public static OnnxTensor ReadTensor(TensorProto proto, ExternalDataFolder? folder)
    {
        (OnnxElementType type, long[] shape, long count) = ReadType(proto);
        if (type == OnnxElementType.String)
            return proto.StringData.Count == count
                ? new OnnxTensor(proto.Name, type, shape, default, [.. proto.StringData.Select(s => s.ToStringUtf8())])
                : throw new OnnxFormatException(
                    $"Tensor '{proto.Name}' [{string.Join(',', shape)}] of texts holds {proto.StringData.Count}."
                );

        ReadOnlyMemory<byte> raw =
            proto.DataLocation == TensorProto.Types.DataLocation.External ? ReadExternal(proto, folder)
            : proto.RawData.Length > 0 ? proto.RawData.Memory
            : TypedData(proto, type);
        long expected = OnnxTensor.BytesOf(type, count);
        return raw.Length == expected
            ? new OnnxTensor(proto.Name, type, shape, raw)
            : throw new OnnxFormatException(
                $"Tensor '{proto.Name}' holds {raw.Length} bytes; {type}[{string.Join(',', shape)}] needs {expected}."
            );
    }

    /// <summary>The type, the shape and the number of elements that a tensor states.</summary>
    /// <exception cref="OnnxFormatException">They are none that a tensor can have.</exception>
    public static (OnnxElementType Type, long[] Shape, long Count) ReadType(TensorProto proto)
    {
        var type = (OnnxElementType)proto.DataType;
        if (!Enum.IsDefined(type) || type == OnnxElementType.Undefined)
            throw new OnnxFormatException($"Tensor '{proto.Name}' has the element type {proto.DataType}, which is not supported.");
        if (proto.Dims.Count > OnnxTensor.MaxDimensions)
            throw new OnnxFormatException(
                $"Tensor '{proto.Name}' has {proto.Dims.Count} dimensions; expected {OnnxTensor.MaxDimensions} at most."
            );
        long[] shape = [.. proto.Dims];
        if (shape.Any(size => size < 0))
            throw new OnnxFormatException($"Tensor '{proto.Name}' has a negative size: [{string.Join(',', shape)}].");
        return (
            type,
            shape,
            TensorCheck.CountOf(shape)
                ?? throw new OnnxFormatException(
                    $"Tensor '{proto.Name}' has more elements than numbers can count: [{string.Join(',', shape)}]."
                )
        );
    }

    private static OnnxGraph Read(Stream stream, string source, Func<TensorProto, OnnxTensor> readTensor)
    {
        ModelProto model = Parse(stream, source);
        try
        {
            OnnxGraph graph = ToGraph(model, readTensor);
            WellFormed.Check(graph);
            return graph;
        }
        catch (OnnxFormatException e)
        {
            throw new OnnxFormatException($"{source} is no ONNX model that can be used: {e.Message}", e);
        }
    }

    private static ModelProto Parse(Stream stream, string source)
    {
        if (OtherKind(stream) is { } other)
            throw new OnnxFormatException($"{source} is no ONNX model but {other}.");
        try
        {
            return ModelProto.Parser.ParseFrom(CodedInputStream.CreateWithLimits(stream, int.MaxValue, recursionLimit: 200));
        }
        catch (InvalidProtocolBufferException e)
        {
            throw new OnnxFormatException($"{source} is not an ONNX model: {e.Message}", e);
        }
    }

    private static OnnxGraph ToGraph(ModelProto model, Func<TensorProto, OnnxTensor> readTensor)
    {
        GraphProto graph = model.Graph ?? throw new OnnxFormatException("it has no graph.");
        foreach (NodeProto inner in model.Functions.SelectMany(f => f.Node))
            RuntimeLimits.Check(ToNode(inner), isInner: true);
        var opsets = new Dictionary<string, int>();
        foreach (OperatorSetIdProto opset in model.OpsetImport)
            opsets[Domain(opset.Domain)] = (int)Math.Clamp(opset.Version, 0, int.MaxValue);
        if (!opsets.TryGetValue("", out int version))
            throw new OnnxFormatException("it imports no operator set of ONNX's own domain.");
        if (version > MaxOpset)
            throw new OnnxFormatException($"it uses opset {version}, which there is none of yet.");
        if (version < OnnxGraph.MinimumOpset)
            throw new OnnxFormatException(
                $"it uses opset {version}; opset {OnnxGraph.MinimumOpset} and newer ones are supported. Convert it with "
                    + $"onnx.version_converter."
            );

        var initializers = new OrderedDictionary<string, OnnxTensor>();
        foreach (
            OnnxTensor tensor in graph
                .Initializer.Select(readTensor)
                .Concat(graph.SparseInitializer.Select(s => SparseTensor.ToDense(s, readTensor)))
        )
            if (!initializers.TryAdd(tensor.Name, tensor))
                throw new OnnxFormatException($"it has two initializers named '{tensor.Name}'.");

        return new OnnxGraph
        {
            IrVersion = model.IrVersion,
            Name = graph.Name,
            ProducerName = model.ProducerName,
            ProducerVersion = model.ProducerVersion,
            DocString = model.DocString,
            Opsets = opsets,
            Inputs = [.. graph.Input.Where(i => !initializers.ContainsKey(i.Name)).Select(ReadValue)],
            Outputs = [.. graph.Output.Select(ReadValue)],
            ValueInfos = [.. graph.ValueInfo.Select(ReadValue)],
            Nodes = TopologicalOrder.Sort([.. graph.Node.Select(ReadNode)], [.. graph.Input.Select(i => i.Name), .. initializers.Keys]),
            Initializers = initializers,
            Functions = model.Functions,
            Metadata = ReadMetadata(model),
        };
    }

    /// <summary>
    /// Describes a file that is not a model; null if it may be one, or if the stream cannot be inspected without consuming it.
    /// </summary>
    private static string? OtherKind(Stream stream)
    {
        if (!stream.CanSeek)
            return null;
        long start = stream.Position;
        var head = new byte[FileKind.Looked];
        int read = stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        stream.Position = start;
        return FileKind.Describe(head.AsSpan(0, read));
    }

    private static Dictionary<string, string> ReadMetadata(ModelProto model)
    {
        var metadata = new Dictionary<string, string>();
        foreach (StringStringEntryProto entry in model.MetadataProps)
            metadata[entry.Key] = entry.Value;
        return metadata;
    }

    /// <exception cref="OnnxFormatException">The node breaks a rule of nodes.</exception>
    public static OnnxNode ReadNode(NodeProto proto)
    {
        OnnxNode node = ToNode(proto);
        WellFormed.Check(node);
        return node;
    }

    /// <summary>A node as it stands in the file.</summary>
    /// <exception cref="OnnxFormatException">It has an attribute twice.</exception>
    public static OnnxNode ToNode(NodeProto proto)
    {
        var attributes = new Dictionary<string, OnnxAttribute>();
        var node = new OnnxNode
        {
            Name = proto.Name,
            OpType = proto.OpType,
            Domain = Domain(proto.Domain),
            Inputs = [.. proto.Input],
            Outputs = [.. proto.Output],
            Attributes = attributes,
            DocString = proto.DocString,
            Overload = proto.Overload,
        };
        foreach (AttributeProto attribute in proto.Attribute)
            if (!attributes.TryAdd(attribute.Name, new OnnxAttribute(attribute)))
                throw new OnnxFormatException($"Node {node.Describe()} has the attribute '{attribute.Name}' twice.");
        return node;
    }

    private static OnnxValue ReadValue(ValueInfoProto value)
    {
        TypeProto.Types.Tensor? tensor = value.Type?.TensorType;
        return new OnnxValue(
            value.Name,
            (OnnxElementType)(tensor?.ElemType ?? 0),
            tensor
                ?.Shape?.Dim.Select(d =>
                    d.ValueCase switch
                    {
                        TensorShapeProto.Types.Dimension.ValueOneofCase.DimValue when d.DimValue >= 0 => new OnnxDimension(d.DimValue),
                        TensorShapeProto.Types.Dimension.ValueOneofCase.DimParam => new OnnxDimension(null, d.DimParam),
                        _ => default,
                    }
                )
                .ToArray()
        );
    }

    public static string Domain(string domain) => domain == "ai.onnx" ? "" : domain;

    private static ReadOnlyMemory<byte> TypedData(TensorProto proto, OnnxElementType type) =>
        type switch
        {
            OnnxElementType.Float => Bytes<float>([.. proto.FloatData]),
            OnnxElementType.Double => Bytes<double>([.. proto.DoubleData]),
            OnnxElementType.Int64 => Bytes<long>([.. proto.Int64Data]),
            OnnxElementType.UInt64 => Bytes<ulong>([.. proto.Uint64Data]),
            OnnxElementType.UInt32 => Bytes<uint>([.. proto.Uint64Data.Select(v => unchecked((uint)v))]),
            OnnxElementType.Int32 => Bytes<int>([.. proto.Int32Data]),
            OnnxElementType.Int16 or OnnxElementType.UInt16 or OnnxElementType.Float16 or OnnxElementType.BFloat16 => Bytes<ushort>([
                .. proto.Int32Data.Select(v => unchecked((ushort)v)),
            ]),
            _ => Bytes<byte>([.. proto.Int32Data.Select(v => unchecked((byte)v))]),
        };

    private static ReadOnlyMemory<byte> Bytes<T>(T[] values)
        where T : unmanaged => MemoryMarshal.AsBytes<T>(values).ToArray();

    private static byte[] ReadExternal(TensorProto proto, ExternalDataFolder? folder)
    {
        if (folder is null)
            throw new OnnxFormatException(
                $"Tensor '{proto.Name}' lies in an external file; load the model from its path instead of a stream."
            );
        var entries = new Dictionary<string, string>();
        foreach (StringStringEntryProto entry in proto.ExternalData)
            entries[entry.Key] = entry.Value;
        return folder.Read(proto.Name, entries);
    }
}
