using Microsoft.Win32.SafeHandles;

namespace MLNetExtensions.TensorFlow.Native;

/// <summary>A TF_Session, closed and deleted. It uses its graph until then: release the graph after it.</summary>
internal sealed class SessionHandle() : SafeHandleZeroOrMinusOneIsInvalid(ownsHandle: true)
{
    protected override bool ReleaseHandle()
    {
        using var status = new Status();
        NativeMethods.TF_CloseSession(handle, status.Handle);
        NativeMethods.TF_DeleteSession(handle, status.Handle);
        return status.IsOk;
    }
}
