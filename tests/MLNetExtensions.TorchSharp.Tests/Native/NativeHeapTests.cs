using System.Runtime.InteropServices;
using MLNetExtensions.TorchSharp.Native;

namespace MLNetExtensions.TorchSharp.Tests.Native;

public class NativeHeapTests
{
    [Fact]
    public unsafe void A_block_freed_and_asked_for_again_costs_no_page_faults()
    {
        Assert.SkipUnless(NativeHeap.IsSupported, "needs glibc's malloc");
        const nuint size = 24 << 20;
        const long pages = 24 << 8;
        using var heap = new NativeHeap();
        Touch();
        long before = PageFaults();
        for (int i = 0; i < 8; i++)
            Touch();
        Assert.InRange(PageFaults() - before, 0, 3 * pages);

        static void Touch()
        {
            void* block = NativeMemory.Alloc(size);
            NativeMemory.Fill(block, size, 1);
            NativeMemory.Free(block);
        }

        // The 10th field, counted after the command in parentheses.
        static long PageFaults() => long.Parse(File.ReadAllText("/proc/thread-self/stat").Split(") ")[1].Split(' ')[7]);
    }

    [Fact]
    public void It_may_be_disposed_twice()
    {
        using var outer = new NativeHeap();
        var inner = new NativeHeap();
        inner.Dispose();
        inner.Dispose();
    }
}
