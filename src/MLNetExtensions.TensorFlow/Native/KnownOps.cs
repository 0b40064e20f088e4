using MLNetExtensions.TensorFlow.Proto;

namespace MLNetExtensions.TensorFlow.Native;

/// <summary>The ops that the loaded library knows, by their names.</summary>
internal static unsafe class KnownOps
{
    private static readonly Lazy<IReadOnlyDictionary<string, OpDef>> Read = new(() =>
    {
        using BufferHandle buffer = NativeMethods.TF_GetAllOpList();
        var native = (NativeBuffer*)buffer.DangerousGetHandle();
        return OpList
            .Parser.ParseFrom(new ReadOnlySpan<byte>((void*)native->Data, checked((int)native->Length)))
            .Op.ToDictionary(op => op.Name, StringComparer.Ordinal);
    });

    /// <summary>An op; null if the library does not know it.</summary>
    public static OpDef? Find(string name) => Read.Value.GetValueOrDefault(name);
}
