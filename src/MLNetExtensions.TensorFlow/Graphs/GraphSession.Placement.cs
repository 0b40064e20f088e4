using Google.Protobuf;
using MLNetExtensions.TensorFlow.Proto;

namespace MLNetExtensions.TensorFlow.Graphs;

/// <summary>The placement of ops on devices.</summary>
internal sealed unsafe partial class GraphSession
{
    /// <summary>
    /// Makes a run, and tells the device of each op in it: those of the graph that TensorFlow made of it, which has fewer and others.
    /// </summary>
    /// <param name="inputs">The values that are fed.</param>
    /// <param name="inputValues">Their TF_Tensors.</param>
    /// <param name="targets">Operations to run.</param>
    public IReadOnlyList<(string Op, string Name, string Device)> Place(Output[] inputs, IntPtr[] inputValues, IntPtr[] targets)
    {
        byte[] options = new RunOptions { OutputPartitionGraphs = true }.ToByteArray();
        BufferHandle traced;
        fixed (byte* bytes = options)
            traced = NativeMethods.TF_NewBufferFromString(bytes, (nuint)options.Length);
        using (traced)
        {
            using BufferHandle metadata = NativeMethods.TF_NewBuffer();
            fixed (Output* pinputs = inputs)
            fixed (
                IntPtr* pinputValues = inputValues,
                    ptargets = targets
            )
            {
                NativeMethods.TF_SessionRun(
                    _handle,
                    traced.DangerousGetHandle(),
                    pinputs,
                    pinputValues,
                    inputs.Length,
                    null,
                    null,
                    0,
                    ptargets,
                    targets.Length,
                    metadata.DangerousGetHandle(),
                    _status.Handle
                );
            }
            _status.Check("TensorFlow");
            var native = (NativeBuffer*)metadata.DangerousGetHandle();
            RunMetadata told = RunMetadata.Parser.ParseFrom(new ReadOnlySpan<byte>((void*)native->Data, checked((int)native->Length)));
            return [.. told.PartitionGraphs.SelectMany(g => g.Node).Select(n => (n.Op, n.Name, n.Device))];
        }
    }
}
