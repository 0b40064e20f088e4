using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using MLNetExtensions.Onnx;

namespace MLNetExtensions.Training.Checkpoints;

/// <summary>Settings as texts that are equal exactly when the settings are: for comparing runs.</summary>
internal static class SettingText
{
    /// <summary>
    /// A value; of records and other objects the type's name and all public properties, of lists all items, of a graph its inputs, its
    /// outputs and hashes of its nodes and its initializers.
    /// </summary>
    public static string Of(object? value) =>
        value switch
        {
            null => "null",
            string text => text,
            float number => number.ToString("R", CultureInfo.InvariantCulture),
            double number => number.ToString("R", CultureInfo.InvariantCulture),
            IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
            bool or Type => value.ToString()!,
            OnnxGraph graph =>
                $"{string.Join("; ", graph.Inputs)} > {string.Join("; ", graph.Outputs)}: {OfStructure(graph)} {OfWeights(graph)}",
            IEnumerable items => $"[{string.Join(", ", items.Cast<object?>().Select(Of))}]",
            _ => $"{value.GetType().Name} {{ {string.Join(", ", Properties(value))} }}",
        };

    /// <summary>A network's nodes, and the names and shapes of its initializers; not their values.</summary>
    public static string OfStructure(OnnxGraph graph)
    {
        var text = new StringBuilder();
        foreach (OnnxNode node in graph.Nodes)
            text.Append(node.OpType)
                .AppendJoin(',', node.Inputs)
                .Append('>')
                .AppendJoin(',', node.Outputs)
                .AppendJoin(
                    ',',
                    node.Attributes.OrderBy(a => a.Key, StringComparer.Ordinal)
                        .Select(a =>
                            $"{a.Key}={Convert.ToHexString(SHA256.HashData(Google.Protobuf.MessageExtensions.ToByteArray(a.Value.Proto)))}"
                        )
                )
                .Append('\n');
        foreach (OnnxTensor tensor in graph.Initializers.Values)
            text.Append(tensor).Append('\n');
        return $"{graph.Nodes.Count} nodes {Hash(Encoding.UTF8.GetBytes(text.ToString()))}";
    }

    /// <summary>The values of a network's initializers.</summary>
    public static string OfWeights(OnnxGraph graph) => OfWeights(graph.Initializers.Values);

    /// <summary>The values of some tensors.</summary>
    public static string OfWeights(IEnumerable<OnnxTensor> tensors)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (OnnxTensor tensor in tensors)
            hash.AppendData(tensor.RawData.Span);
        return Convert.ToHexStringLower(hash.GetHashAndReset())[..16];
    }

    /// <summary>Numbers.</summary>
    public static string OfValues(float[] values) => Hash([.. MemoryMarshal.AsBytes<float>(values)]);

    private static string Hash(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes))[..16];

    private static IEnumerable<string> Properties(object value) =>
        value
            .GetType()
            .GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(p => p.GetIndexParameters().Length == 0)
            .OrderBy(p => p.Name, StringComparer.Ordinal)
            .Select(p => $"{p.Name} = {Of(p.GetValue(value))}");
}
