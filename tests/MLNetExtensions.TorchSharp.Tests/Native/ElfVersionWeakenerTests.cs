using System.Runtime.InteropServices;
using System.Text;
using MLNetExtensions.TorchSharp.Native;

namespace MLNetExtensions.TorchSharp.Tests.Native;

public class ElfVersionWeakenerTests
{
    [Fact]
    public void The_real_library_changes_in_two_bytes()
    {
        byte[] original = Library();
        byte[] patched = [.. original];

        ElfVersionWeakener.Weaken(patched, "GLIBCXX_3.4.32");

        int[] changed = [.. Enumerable.Range(0, original.Length).Where(i => original[i] != patched[i])];
        Assert.Equal(2, changed.Length);
        Assert.Contains(changed, i => original[i] == 0x12 && patched[i] == 0x22); // FUNC, GLOBAL -> WEAK
        Assert.Contains(changed, i => original[i] == 0 && patched[i] == 2); // VER_FLG_WEAK
    }

    [Fact]
    public void Weakening_twice_changes_nothing_more()
    {
        byte[] once = Library();
        ElfVersionWeakener.Weaken(once, "GLIBCXX_3.4.32");
        byte[] twice = [.. once];
        ElfVersionWeakener.Weaken(twice, "GLIBCXX_3.4.32");
        Assert.Equal(once, twice);
    }

    [Fact]
    public void A_version_whose_symbols_are_called_is_refused() =>
        Assert.Contains("calls", Assert.Throws<NotSupportedException>(() => ElfVersionWeakener.Weaken(Library(), "GLIBCXX_3.4")).Message);

    [Fact]
    public void A_version_that_is_not_asked_for_is_an_error() =>
        Assert.Throws<BadImageFormatException>(() => ElfVersionWeakener.Weaken(Library(), "GLIBCXX_9.9"));

    [Fact]
    public void Other_files_are_refused() =>
        Assert.Throws<BadImageFormatException>(() =>
            ElfVersionWeakener.Weaken(Encoding.ASCII.GetBytes(new string('x', 200)), "GLIBCXX_3.4.32")
        );

    private static byte[] Library()
    {
        Assert.SkipUnless(
            OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture == Architecture.X64,
            "the library is Linux x64's"
        );
        string folders = (string)AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES")!;
        return File.ReadAllBytes(folders.Split(':').Select(f => Path.Combine(f, "libLibTorchSharp.so")).First(File.Exists));
    }
}
