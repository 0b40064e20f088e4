using System.Runtime.InteropServices;

namespace MLNetExtensions.TorchSharp.Tests.Native;

public class OpenMpWaitTests
{
    [Fact]
    public unsafe void Native_code_sees_the_shorter_wait()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "only GNU OpenMP has this variable");
        string? own = Environment.GetEnvironmentVariable("GOMP_SPINCOUNT");
        bool isSet = own is not null || Environment.GetEnvironmentVariable("OMP_WAIT_POLICY") is not null;
        // The libraries were loaded when the tests started.
        IntPtr getenv = NativeLibrary.GetExport(NativeLibrary.Load("libc.so.6"), "getenv");
        fixed (byte* name = "GOMP_SPINCOUNT\0"u8)
            Assert.Equal(isSet ? own : "1000", Marshal.PtrToStringUTF8(((delegate* unmanaged<byte*, IntPtr>)getenv)(name)));
    }
}
