console.error("written by the faulty page");
throw new Error("thrown by the faulty page");
