using System.Runtime.InteropServices;

namespace MLNetExtensions.TensorFlow.Graphs;

/// <summary>A TF_Session on a graph, which may still grow between runs.</summary>
internal sealed unsafe partial class GraphSession : IDisposable
{
    private readonly SessionHandle _handle;
    private readonly BufferHandle? _runOptions;
    private readonly Status _status = new();

    /// <param name="graph">The graph; it must live longer than the session.</param>
    /// <param name="config">A serialized ConfigProto.</param>
    /// <param name="target">Empty for this process, or a server's address (<c>grpc://host:port</c>).</param>
    /// <param name="runOptions">Serialized RunOptions for the runs that go over several machines.</param>
    public GraphSession(TensorFlowGraph graph, byte[] config, string target = "", byte[]? runOptions = null)
    {
        if (runOptions is { Length: > 0 })
            fixed (byte* bytes = runOptions)
                _runOptions = NativeMethods.TF_NewBufferFromString(bytes, (nuint)runOptions.Length);
        using SessionOptionsHandle options = NativeMethods.TF_NewSessionOptions();
        if (target.Length > 0)
            NativeMethods.TF_SetTarget(options, target);
        fixed (byte* bytes = config)
            NativeMethods.TF_SetConfig(options, bytes, (nuint)config.Length, _status.Handle);
        _status.Check("The session's configuration");
        _handle = NativeMethods.TF_NewSession(graph.Handle, options, _status.Handle);
        if (!_status.IsOk)
            _handle.SetHandleAsInvalid();
        _status.Check("A session");
    }

    /// <summary>The native session.</summary>
    public SessionHandle Handle => _handle;

    /// <summary>Runs what the fetches and targets need.</summary>
    /// <returns>The fetched values, owned by the caller.</returns>
    public Tensor[] Run(
        IReadOnlyList<(Symbol Value, Tensor Tensor)> feeds,
        IReadOnlyList<Symbol> fetches,
        params IReadOnlyList<IntPtr> targets
    )
    {
        Output[] inputs = [.. feeds.Select(f => f.Value.Output)],
            outputs = [.. fetches.Select(f => f.Output)];
        IntPtr[] inputValues = [.. feeds.Select(f => f.Tensor.Native)],
            outputValues = new IntPtr[fetches.Count],
            operations = [.. targets];
        Run(inputs, inputValues, outputs, outputValues, operations);
        GC.KeepAlive(feeds);
        return [.. outputValues.Select(Tensor.Own)];
    }

    /// <summary>A run that all machines make, of one value from one fed.</summary>
    public Tensor RunTogether((Symbol Value, Tensor Tensor) feed, Symbol fetch)
    {
        IntPtr[] fetched = [IntPtr.Zero];
        Run([feed.Value.Output], [feed.Tensor.Native], [fetch.Output], fetched, [], together: true);
        GC.KeepAlive(feed.Tensor);
        return Tensor.Own(fetched[0]);
    }

    /// <summary>The same without any allocation, for steps.</summary>
    /// <param name="inputs">The values that are fed.</param>
    /// <param name="inputValues">Their TF_Tensors.</param>
    /// <param name="outputs">The values to fetch.</param>
    /// <param name="outputValues">Receives their TF_Tensors, which the caller owns.</param>
    /// <param name="targets">Operations to run.</param>
    /// <param name="together">
    /// Whether all machines make this run. They count such runs and meet in those of the same number, so that no other run may be one.
    /// </param>
    /// <exception cref="TensorFlowException">An op failed; the message names it. Nothing is fetched.</exception>
    public void Run(Output[] inputs, IntPtr[] inputValues, Output[] outputs, IntPtr[] outputValues, IntPtr[] targets, bool together = false)
    {
        fixed (
            Output* pinputs = inputs,
                poutputs = outputs
        )
        fixed (
            IntPtr* pinputValues = inputValues,
                poutputValues = outputValues,
                ptargets = targets
        )
        {
            NativeMethods.TF_SessionRun(
                _handle,
                together && _runOptions is not null ? _runOptions.DangerousGetHandle() : IntPtr.Zero,
                pinputs,
                pinputValues,
                inputs.Length,
                poutputs,
                poutputValues,
                outputs.Length,
                ptargets,
                targets.Length,
                IntPtr.Zero,
                _status.Handle
            );
        }
        _status.Check("TensorFlow");
    }

    /// <summary>The devices that the session's ops can run on.</summary>
    public IReadOnlyList<TensorFlowDevice> ListDevices()
    {
        using DeviceListHandle list = NativeMethods.TF_SessionListDevices(_handle, _status.Handle);
        _status.Check("The list of devices");
        var devices = new TensorFlowDevice[NativeMethods.TF_DeviceListCount(list)];
        for (int i = 0; i < devices.Length; i++)
        {
            string name = Marshal.PtrToStringUTF8(NativeMethods.TF_DeviceListName(list, i, _status.Handle)) ?? "",
                type = Marshal.PtrToStringUTF8(NativeMethods.TF_DeviceListType(list, i, _status.Handle)) ?? "";
            devices[i] = new TensorFlowDevice(name, type, NativeMethods.TF_DeviceListMemoryBytes(list, i, _status.Handle));
            _status.Check("A device");
        }
        return devices;
    }

    public void Dispose()
    {
        _handle.Dispose();
        _runOptions?.Dispose();
        _status.Dispose();
    }
}
