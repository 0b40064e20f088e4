using System.Runtime.InteropServices;

namespace MLNetExtensions.TensorFlow.Native;

/// <summary>A TF_Status that turns into an exception.</summary>
internal sealed class Status : IDisposable
{
    /// <summary>The handle to hand to a native call.</summary>
    public StatusHandle Handle { get; } = NativeMethods.TF_NewStatus();

    /// <summary>True if the last call with this handle succeeded.</summary>
    public bool IsOk => NativeMethods.TF_GetCode(Handle) == (int)TensorFlowErrorCode.Ok;

    /// <summary>TensorFlow's message.</summary>
    public string Message => Marshal.PtrToStringUTF8(NativeMethods.TF_Message(Handle)) ?? "";

    /// <summary>Throws where the last call failed.</summary>
    /// <param name="what">The attempt, as the start of the message: <c>Op 'Conv2D' ...</c>.</param>
    /// <exception cref="TensorFlowException">The call failed.</exception>
    public void Check(string what)
    {
        int code = NativeMethods.TF_GetCode(Handle);
        if (code != (int)TensorFlowErrorCode.Ok)
            throw new TensorFlowException((TensorFlowErrorCode)code, $"{what}: {Message}");
    }

    public void Dispose() => Handle.Dispose();
}
