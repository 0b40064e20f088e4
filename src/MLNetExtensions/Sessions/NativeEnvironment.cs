using System.Runtime.InteropServices;
using System.Text;

namespace MLNetExtensions.Sessions;

/// <summary>Environment variables of this process, as native libraries see them.</summary>
internal static unsafe class NativeEnvironment
{
    /// <summary>Sets a variable that the user's environment does not have.</summary>
    public static void SetDefault(string name, string value)
    {
        if (Environment.GetEnvironmentVariable(name) is not null)
            return;
        if (OperatingSystem.IsWindows())
        {
            Environment.SetEnvironmentVariable(name, value);
            return;
        }
        // The framework's own function changes a copy that native code does not see.
        if (
            !NativeLibrary.TryLoad(OperatingSystem.IsMacOS() ? "libSystem.dylib" : "libc.so.6", out IntPtr library)
            || !NativeLibrary.TryGetExport(library, "setenv", out IntPtr setenv)
        )
            return;
        fixed (
            byte* nativeName = Encoding.UTF8.GetBytes(name + '\0'),
                nativeValue = Encoding.UTF8.GetBytes(value + '\0')
        )
            _ = ((delegate* unmanaged<byte*, byte*, int, int>)setenv)(nativeName, nativeValue, 0);
    }
}
