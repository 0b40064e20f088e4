using Microsoft.Win32.SafeHandles;

namespace MLNetExtensions.TensorFlow.Native;

/// <summary>A TF_Status.</summary>
internal sealed class StatusHandle() : SafeHandleZeroOrMinusOneIsInvalid(ownsHandle: true)
{
    protected override bool ReleaseHandle()
    {
        NativeMethods.TF_DeleteStatus(handle);
        return true;
    }
}

/// <summary>A TF_Buffer of bytes that TensorFlow filled.</summary>
internal sealed class BufferHandle() : SafeHandleZeroOrMinusOneIsInvalid(ownsHandle: true)
{
    protected override bool ReleaseHandle()
    {
        NativeMethods.TF_DeleteBuffer(handle);
        return true;
    }
}

/// <summary>A TF_Graph.</summary>
internal sealed class GraphHandle() : SafeHandleZeroOrMinusOneIsInvalid(ownsHandle: true)
{
    protected override bool ReleaseHandle()
    {
        NativeMethods.TF_DeleteGraph(handle);
        return true;
    }
}

/// <summary>TF_SessionOptions.</summary>
internal sealed class SessionOptionsHandle() : SafeHandleZeroOrMinusOneIsInvalid(ownsHandle: true)
{
    protected override bool ReleaseHandle()
    {
        NativeMethods.TF_DeleteSessionOptions(handle);
        return true;
    }
}

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

/// <summary>TF_ImportGraphDefOptions.</summary>
internal sealed class ImportOptionsHandle() : SafeHandleZeroOrMinusOneIsInvalid(ownsHandle: true)
{
    protected override bool ReleaseHandle()
    {
        NativeMethods.TF_DeleteImportGraphDefOptions(handle);
        return true;
    }
}

/// <summary>A TF_DeviceList.</summary>
internal sealed class DeviceListHandle() : SafeHandleZeroOrMinusOneIsInvalid(ownsHandle: true)
{
    protected override bool ReleaseHandle()
    {
        NativeMethods.TF_DeleteDeviceList(handle);
        return true;
    }
}
