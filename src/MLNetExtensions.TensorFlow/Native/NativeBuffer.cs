using System.Runtime.InteropServices;

namespace MLNetExtensions.TensorFlow.Native;

/// <summary>A TF_Buffer as TensorFlow lays it out.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct NativeBuffer
{
    public readonly IntPtr Data;
    public readonly nuint Length;
    private readonly IntPtr _deallocator;
}
