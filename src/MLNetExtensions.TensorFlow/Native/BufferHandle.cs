using Microsoft.Win32.SafeHandles;

namespace MLNetExtensions.TensorFlow.Native;

/// <summary>A TF_Buffer of bytes that TensorFlow filled.</summary>
internal sealed class BufferHandle() : SafeHandleZeroOrMinusOneIsInvalid(ownsHandle: true)
{
    protected override bool ReleaseHandle()
    {
        NativeMethods.TF_DeleteBuffer(handle);
        return true;
    }
}
