using Microsoft.Win32.SafeHandles;

namespace MLNetExtensions.TensorFlow.Native;

/// <summary>A TF_DeviceList.</summary>
internal sealed class DeviceListHandle() : SafeHandleZeroOrMinusOneIsInvalid(ownsHandle: true)
{
    protected override bool ReleaseHandle()
    {
        NativeMethods.TF_DeleteDeviceList(handle);
        return true;
    }
}
