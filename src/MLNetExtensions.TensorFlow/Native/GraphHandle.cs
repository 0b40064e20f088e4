using Microsoft.Win32.SafeHandles;

namespace MLNetExtensions.TensorFlow.Native;

/// <summary>A TF_Graph.</summary>
internal sealed class GraphHandle() : SafeHandleZeroOrMinusOneIsInvalid(ownsHandle: true)
{
    protected override bool ReleaseHandle()
    {
        NativeMethods.TF_DeleteGraph(handle);
        return true;
    }
}
