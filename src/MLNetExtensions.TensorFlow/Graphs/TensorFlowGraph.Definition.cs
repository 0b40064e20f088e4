namespace MLNetExtensions.TensorFlow.Graphs;

/// <summary>The graph as a file.</summary>
internal sealed unsafe partial class TensorFlowGraph
{
    /// <summary>A serialized GraphDef.</summary>
    public byte[] ToDefinition()
    {
        using BufferHandle buffer = NativeMethods.TF_NewBuffer();
        using var status = new Status();
        NativeMethods.TF_GraphToGraphDef(Handle, buffer, status.Handle);
        status.Check("The graph's definition");
        var native = (NativeBuffer*)buffer.DangerousGetHandle();
        return new ReadOnlySpan<byte>((void*)native->Data, checked((int)native->Length)).ToArray();
    }
}
