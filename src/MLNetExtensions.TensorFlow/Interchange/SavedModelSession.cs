using System.Text;
using Google.Protobuf;
using MLNetExtensions.Onnx;
using MLNetExtensions.TensorFlow.Proto;

namespace MLNetExtensions.TensorFlow.Interchange;

/// <summary>A SavedModel in TensorFlow's own session, with its variables restored.</summary>
internal sealed unsafe class SavedModelSession : IDisposable
{
    private readonly SessionHandle _session;

    public SavedModelSession(string folder)
    {
        using SessionOptionsHandle options = NativeMethods.TF_NewSessionOptions();
        using BufferHandle meta = NativeMethods.TF_NewBuffer();
        using var status = new Status();
        fixed (byte* config = TrainingDevice.WithoutGpus)
            NativeMethods.TF_SetConfig(options, config, (nuint)TrainingDevice.WithoutGpus.Length, status.Handle);
        status.Check("The session's configuration");
        byte[] path = Encoding.UTF8.GetBytes(folder + "\0"),
            tag = "serve\0"u8.ToArray();
        fixed (
            byte* ppath = path,
                ptag = tag
        )
        {
            byte* tags = ptag;
            _session = NativeMethods.TF_LoadSessionFromSavedModel(options, IntPtr.Zero, ppath, &tags, 1, Graph.Handle, meta, status.Handle);
        }
        try
        {
            if (!status.IsOk)
                _session.SetHandleAsInvalid();
            status.Check($"The SavedModel {folder}");
            var buffer = (NativeBuffer*)meta.DangerousGetHandle();
            Definition = MetaGraphDef.Parser.ParseFrom(new ReadOnlySpan<byte>((void*)buffer->Data, checked((int)buffer->Length)));
        }
        catch (Exception error)
        {
            Dispose();
            if (error is InvalidProtocolBufferException)
                throw new TensorFlowFormatException($"The SavedModel {folder} cannot be read: {error.Message}", error);
            throw;
        }
    }

    /// <summary>The graph in the session.</summary>
    public TensorFlowGraph Graph { get; } = new();

    /// <summary>The graph and its signatures.</summary>
    public MetaGraphDef Definition { get; }

    /// <summary>A variable's value, by its node's name.</summary>
    public OnnxTensor ReadVariable(string node)
    {
        IntPtr operation = NativeMethods.TF_GraphOperationByName(Graph.Handle, node);
        if (operation == IntPtr.Zero)
            throw new TensorFlowFormatException($"The SavedModel's session has no variable '{node}'.");
        NodeDef definition = Definition.GraphDef.Node.First(n => n.Name == node);
        var value = new Symbol(Graph, new Output(operation, 0));
        if (definition.Op == "VarHandleOp")
            value = Graph.Op("ReadVariableOp").Input(value).Set("dtype", (DataType)definition.Attr["dtype"].Type).Output();
        using Tensor tensor = Run([], [value])[0];
        OnnxElementType type =
            TensorReading.TypeOf((int)tensor.Type) ?? throw new TensorFlowFormatException($"Variable '{node}' holds {tensor.Type}.");
        return new OnnxTensor(node, type, tensor.Shape, tensor.Bytes.ToArray());
    }

    /// <summary>Runs the graph.</summary>
    /// <returns>The fetched values, owned by the caller.</returns>
    public Tensor[] Run((Symbol Value, Tensor Tensor)[] feeds, Symbol[] fetches)
    {
        Output[] inputs = [.. feeds.Select(f => f.Value.Output)],
            outputs = [.. fetches.Select(f => f.Output)];
        IntPtr[] given = [.. feeds.Select(f => f.Tensor.Native)],
            results = new IntPtr[outputs.Length];
        using var status = new Status();
        fixed (
            Output* pinputs = inputs,
                poutputs = outputs
        )
        fixed (
            IntPtr* pgiven = given,
                presults = results
        )
            NativeMethods.TF_SessionRun(
                _session,
                IntPtr.Zero,
                pinputs,
                pgiven,
                inputs.Length,
                poutputs,
                presults,
                outputs.Length,
                null,
                0,
                IntPtr.Zero,
                status.Handle
            );
        GC.KeepAlive(feeds);
        status.Check("The SavedModel");
        return [.. results.Select(Tensor.Own)];
    }

    public void Dispose()
    {
        _session.Dispose();
        Graph.Dispose();
    }
}
